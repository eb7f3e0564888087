import { parseMemberships } from '../cgroup/cgroup-path.js';
import { tryReadText } from '../read-text.js';

/**
 * The systemd unit that a process belongs to, by its cgroup: `nginx.service` of `/system.slice/nginx.service`, of a
 * user's manager the service below it. Undefined for what is in a session or a container: a systemd within a container is
 * another one.
 */
export function unitOfCgroup(text: string): string | undefined {
  const all = parseMemberships(text);
  // On version 1, and where both are mounted, systemd's own hierarchy says it; its name is no controller.
  const own = all.find(({ controllers }) => controllers.includes('name=systemd'));
  const paths = [own, all.find(({ version }) => version === 2), all[0]].flatMap((one) => one?.path ?? []);
  for (const path of paths) {
    const unit = unitOfPath(path);
    if (unit !== undefined) return unit;
  }
  return undefined;
}

const SLICE = /\.slice$/;
const MANAGER = /^user@\d+\.service$/;

/**
 * The unit of a path below the root of a hierarchy: a service, or a socket, whose cgroup systemd makes its sockets in
 * before the service is there. Undefined for a session and a container.
 */
export function unitOfPath(path: string): string | undefined {
  for (const part of path.split('/').slice(1)) {
    if (isAbove(part)) continue;
    return UNIT.test(part) ? unescaped(part) : undefined;
  }
  return undefined;
}

/** Whether a cgroup of that name holds those of units. */
export const isAbove = (part: string): boolean => SLICE.test(part) || MANAGER.test(part);

const UNIT = /\.(service|socket)$/;

/** A cgroup whose name would clash with a file of the kernel begins with `_` (systemd, cg_escape). */
const unescaped = (part: string): string => (part.startsWith('_') ? part.slice(1) : part);

/** The service of a process of this host, or undefined. */
export const unitOf = (pid: number, proc = '/proc'): string | undefined =>
  unitOfCgroup(tryReadText(`${proc}/${pid}/cgroup`) ?? '');
