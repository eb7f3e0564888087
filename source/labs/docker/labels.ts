import { hostname } from 'node:os';
import { LAB_LABEL } from '../../engines/docker/swarm/labelled.js';
import { identityOf, isAlive, type ProcessIdentity } from '../../linux/process/identity.js';
import type { Member } from './members.js';

export { LAB_LABEL };

/** `<pid>:<start>` of the console that made it, and the host that it runs on: a daemon may serve several. */
export const OWNER_LABEL = 'faultline.owner';
export const HOST_LABEL = 'faultline.host';

type Labels = Readonly<Record<string, string>>;

/** On all that a lab is made of. */
export function labLabels(lab: string): Labels {
  const { pid, startTime } = identityOf(process.pid);
  return { [LAB_LABEL]: lab, [OWNER_LABEL]: `${pid}:${startTime}`, [HOST_LABEL]: hostname() };
}

/** On a container: what it is, that faults may be caused in it, and its place in what compose would call a project. */
export function memberLabels(lab: string, { service, name }: Pick<Member, 'service' | 'name'>): Labels {
  return {
    ...labLabels(lab),
    'faultline.target': 'true',
    'faultline.member': name,
    'com.docker.compose.project': `faultline-${lab}`,
    'com.docker.compose.service': service,
  };
}

/** The console that made something, or null when its labels do not say. */
export function ownerOf(labels: Labels): ProcessIdentity | null {
  const [, pid, startTime] = /^(\d+):(.+)$/.exec(labels[OWNER_LABEL] ?? '') ?? [];
  return pid && startTime ? { pid: Number(pid), startTime } : null;
}

/** Whether the console that made something is known to be gone. One on another host may well be alive. */
export function isOrphaned(labels: Labels): boolean {
  const owner = ownerOf(labels);
  return owner !== null && labels[HOST_LABEL] === hostname() && !isAlive(owner);
}
