import { posix } from 'node:path';

/** A mounted cgroup hierarchy, of /proc/<pid>/mountinfo. */
export interface CgroupMount {
  readonly version: 1 | 2;
  readonly mountPoint: string;
  /** The cgroup that stands at the mount point: `/`, or another where only a part is mounted (inside a container). */
  readonly root: string;
  /** Of version 1: `cpu`, `memory` ...; empty for version 2. */
  readonly controllers: readonly string[];
}

/** A process's cgroup in one hierarchy, of /proc/<pid>/cgroup. */
export interface CgroupMembership {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  readonly path: string;
}

/** Lines `5:cpu,cpuacct:/docker/<id>`; version 2 is `0::/path` (cgroups(7)). A path may itself hold colons. */
export function parseMemberships(text: string): CgroupMembership[] {
  return text.split('\n').flatMap((line): CgroupMembership[] => {
    const match = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (match === null) return [];
    const [, hierarchy, list = '', path = ''] = match;
    const controllers = list === '' ? [] : list.split(',');
    if (hierarchy === '0' && controllers.length === 0) return [{ version: 2, controllers, path }];
    return controllers.length === 0 ? [] : [{ version: 1, controllers, path }];
  });
}

/** The cgroup mounts among the lines of mountinfo (proc_pid_mountinfo(5)); spaces in paths are written `\040`. */
export function parseCgroupMounts(text: string): CgroupMount[] {
  return text.split('\n').flatMap((line): CgroupMount[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, mountPoint] = before.split(' ').map(unescaped);
    const [type, , options = ''] = after.split(' ');
    if (root === undefined || mountPoint === undefined || !mountPoint.startsWith('/')) return [];
    if (type === 'cgroup2') return [{ version: 2, mountPoint, root, controllers: [] }];
    if (type !== 'cgroup') return [];
    const controllers = options.split(',').filter((word) => /^(cpu|cpuacct|freezer|memory|pids)$/.test(word));
    return controllers.length === 0 ? [] : [{ version: 1, mountPoint, root, controllers }];
  });
}

/**
 * Folder of a process's cgroup in the hierarchy of a controller (version 2: null for the controller), or undefined
 * where it is not mounted here. A path that leads out of the mount (`/../other`, a foreign cgroup namespace) or to
 * a removed cgroup is not followed.
 */
export function cgroupFolder(
  memberships: readonly CgroupMembership[],
  mounts: readonly CgroupMount[],
  controller: string | null,
): string | undefined {
  const version = controller === null ? 2 : 1;
  const fits = ({ version: is, controllers }: { version: 1 | 2; controllers: readonly string[] }): boolean =>
    is === version && (controller === null || controllers.includes(controller));
  const path = memberships.find(fits)?.path;
  if (path === undefined || path.split('/').includes('..') || path.endsWith(' (deleted)')) return undefined;
  for (const { mountPoint, root } of mounts.filter(fits)) {
    if (root === '/') return posix.join(mountPoint, path);
    if (path === root || path.startsWith(`${root}/`)) return posix.join(mountPoint, path.slice(root.length));
  }
  return undefined;
}

function unescaped(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
