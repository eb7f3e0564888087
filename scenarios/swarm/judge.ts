import type { ServiceSample, SwarmService, SwarmTask, WorkloadEvent } from '../../source/probes/samples.js';

/** What is known of a service: what Swarm says of it, what its containers do, and what its customers see. */
export interface Evidence {
  /** Before, in its steady state. */
  readonly before: SwarmService;
  readonly now: SwarmService;
  /** What happened to its containers since then, oldest first. */
  readonly events: readonly WorkloadEvent[];
  /** Its containers that run now. */
  readonly replicas: readonly ServiceSample[];
  /** Median answer then and now, ms; null where there were too few. */
  readonly p50: { readonly before: number | null; readonly now: number | null };
}

export interface Verdict {
  readonly id: 'container-kill' | 'cpu-limit' | 'memory-limit';
  readonly title: string;
  readonly because: readonly string[];
  readonly ruledOut: readonly { readonly id: string; readonly title: string; readonly because: string }[];
}

/** A container held back in more of its periods than this (%) wants more CPU than it may have. */
export const THROTTLED_PERCENT = 25;
/** Customers feel it when the median answer takes this many times as long. */
export const SLOWER = 1.5;

const RIVALS = {
  'container-kill': 'A container was killed',
  'cpu-limit': 'The CPU limit holds the service back',
  'memory-limit': 'The memory limit is too small',
} as const;

/**
 * Which of the three it is, or null while none is proven. Exit code 137 alone proves neither a kill by hand nor an
 * OOM: the daemon's `kill` and `oom` events tell them apart. Pure, and it does not know what was caused.
 */
export function judge(evidence: Evidence): Verdict | null {
  const { before, now, events } = evidence;
  const known = new Set(before.tasks.map((task) => task.id));
  const ended = now.tasks.filter(
    (task) => task.state === 'failed' && !(known.has(task.id) && wasFailed(before, task)),
  );
  const oom = events.filter(({ action }) => action === 'oom');
  if (oom.length > 0) return outOfMemory(evidence, ended, oom);
  const killed = ended.find((task) => wasKilled(task, events));
  if (killed) return killedByHand(evidence, killed);
  return heldBack(evidence);
}

/** Of the container of a task: Swarm names it after the service, the slot and the task. */
export const eventsOf = (task: SwarmTask, events: readonly WorkloadEvent[]): readonly WorkloadEvent[] =>
  events.filter(({ workload }) => workload.endsWith(`.${task.id}`));

/** SIGKILL was the first signal: a stop is SIGTERM first. */
function wasKilled(task: SwarmTask, events: readonly WorkloadEvent[]): boolean {
  const first = eventsOf(task, events).find(({ action }) => action === 'kill');
  return task.exitCode === 137 && /^signal (9|SIGKILL|KILL)$/.test(first?.detail ?? '');
}

const wasFailed = (service: SwarmService, task: SwarmTask): boolean =>
  service.tasks.some(({ id, state }) => id === task.id && state === 'failed');

function killedByHand({ now, events }: Evidence, task: SwarmTask): Verdict {
  const replaced = now.running >= now.desired ? 'and Swarm replaced it' : 'and is not replaced yet';
  return {
    id: 'container-kill',
    title: `A container of ${now.name} was killed, ${replaced}`,
    because: [
      `its container was sent signal 9 and ended with ${task.exitCode}, no SIGTERM before it`,
      `Swarm says: ${task.error ?? task.state}`,
    ],
    ruledOut: [
      rival('memory-limit', `no oom event among the ${events.length} of its containers`),
      rival('cpu-limit', 'its limits are as before'),
    ],
  };
}

function outOfMemory(
  { now, before }: Evidence,
  ended: readonly SwarmTask[],
  oom: readonly WorkloadEvent[],
): Verdict {
  const limit = mib(now.limits.memoryBytes);
  const lowered =
    (now.limits.memoryBytes ?? Number.POSITIVE_INFINITY) <
    (before.limits.memoryBytes ?? Number.POSITIVE_INFINITY);
  const failed = ended.filter((task) => task.exitCode === 137).length;
  return {
    id: 'memory-limit',
    title: `The kernel kills processes of ${now.name} at its memory limit of ${limit}`,
    because: [
      `${oom.length} oom ${oom.length === 1 ? 'event' : 'events'} of its containers`,
      `${failed} of its tasks ended with 137`,
      lowered ? `its limit was ${mib(before.limits.memoryBytes)} before` : `its limit is unchanged, ${limit}`,
    ],
    ruledOut: [
      rival('container-kill', 'the oom event came first, and nobody sent it a signal'),
      rival('cpu-limit', 'a container that is held back is slow and does not end'),
    ],
  };
}

function heldBack({ now, before, replicas, p50 }: Evidence): Verdict | null {
  const shares = replicas.flatMap((one) => one.container?.throttledPercent ?? []);
  const throttled = shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const slower = p50.before !== null && p50.now !== null && p50.now > SLOWER * p50.before;
  if (throttled <= THROTTLED_PERCENT || !slower) return null;
  const cores = now.limits.cpus ?? Number.POSITIVE_INFINITY;
  const lowered = cores < (before.limits.cpus ?? Number.POSITIVE_INFINITY);
  return {
    id: 'cpu-limit',
    title: `The CPU limit of ${now.limits.cpus} cores holds ${now.name} back`,
    because: [
      `its containers were held back in ${throttled.toFixed(0)} % of their periods`,
      `the median answer takes ${p50.now?.toFixed(0)} ms, ${p50.before?.toFixed(0)} ms before`,
      lowered ? `its limit was ${before.limits.cpus} cores before` : 'its limit is unchanged',
    ],
    ruledOut: [
      rival('memory-limit', 'no oom event'),
      rival('container-kill', 'no task failed: those that ended were stopped by the update'),
    ],
  };
}

const rival = (id: keyof typeof RIVALS, because: string) => ({ id, title: RIVALS[id], because });

const mib = (bytes: number | null): string =>
  bytes === null ? 'none' : `${Math.round(bytes / 1024 / 1024)} MiB`;
