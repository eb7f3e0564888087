import type { ServiceSample, SwarmService, SwarmTask } from '../../probes/samples.js';
import type { History } from '../../store/history.js';

/** Labels that Swarm puts on the container of each of its tasks (moby, daemon/cluster/executor/container). */
const SERVICE = 'com.docker.swarm.service.name';
const TASK = 'com.docker.swarm.task.id';

/** The Swarm service that a container belongs to, or undefined when it is no task's. */
export const swarmServiceOf = ({ container }: ServiceSample): string | undefined =>
  container?.labels?.[SERVICE];

/** When tasks are said to fail again and again: so many, one place of them twice, and the last a moment ago. */
export const TASK_LOOP = {
  failures: {
    unit: 'failed tasks',
    value: 3,
    windowMs: 600_000,
    reads: '3 in 10 min',
    source: 'DIAGNOSIS R22: 3 restarts in 10 min',
  },
  lastFailure: {
    unit: 'ms',
    value: 60_000,
    source: 'our choice: a loop whose newest end is older than this is over',
  },
} as const;

/** Tasks of a service that failed within the loop's window, newest first. */
export const failedTasks = (history: History, { tasks }: SwarmService): SwarmTask[] =>
  tasks.filter(
    ({ state, changedAt }) =>
      (state === 'failed' || state === 'rejected') && history.now - changedAt <= TASK_LOOP.failures.windowMs,
  );

/** Whether tasks of a service fail again and again. Replicas that each ended once, at one time, do not. */
export function taskLoops(history: History, service: SwarmService): boolean {
  const failed = failedTasks(history, service);
  const newest = Math.max(0, ...failed.map(({ changedAt }) => changedAt));
  const places = new Set(failed.map(({ slot, node }) => slot ?? node));
  return (
    failed.length >= TASK_LOOP.failures.value &&
    places.size < failed.length &&
    history.now - newest <= TASK_LOOP.lastFailure.value
  );
}

/** Whether a container is a task of such a service: its end is one of many, and the service's trouble. */
export function isTaskInLoop(history: History, service: ServiceSample): boolean {
  const name = swarmServiceOf(service);
  const services = history.latest.swarm?.stale === false ? history.latest.swarm.sample.services : [];
  return services.some((one) => one.name === name && taskLoops(history, one));
}

/** What Swarm makes of the end of one of its containers. */
export interface SwarmEnd {
  /** Swarm ended it itself: an update, fewer replicas, the service's removal. Nobody's trouble. */
  readonly retired: boolean;
  /** Swarm has forgotten its task, with the whole service or for newer tasks in its place: nobody misses it. */
  readonly forgotten: boolean;
  /** When the task that took its place was running, wall-clock ms; null while none is, or where none is to be. */
  readonly replacedAt: number | null;
}

/**
 * The end of a container as Swarm tells of it, or undefined for a container that is no task's. Until Swarm was read
 * after that end nothing can be said of it: it then counts as retired, so that an update is never called a stop by
 * hand, not even for a moment.
 */
export function swarmEnd(history: History, service: ServiceSample, endedAt: number): SwarmEnd | undefined {
  const id = service.container?.labels?.[TASK];
  if (id === undefined) return undefined;
  const { swarm } = history.latest;
  if (!swarm || swarm.stale || swarm.at <= endedAt)
    return { retired: true, forgotten: false, replacedAt: null };
  const tasks = swarm.sample.services.find(({ tasks: all }) => all.some((task) => task.id === id))?.tasks;
  const task = tasks?.find((one) => one.id === id);
  if (!tasks || !task) return { retired: true, forgotten: true, replacedAt: null };
  // One that ended by itself is failed, rejected or complete; one that Swarm ended is shut down, or about to be.
  const retired = task.state !== 'failed' && task.state !== 'rejected' && task.state !== 'complete';
  return { retired, forgotten: false, replacedAt: replacedAt(task, tasks) };
}

/** When the next task of its place was running; of one that has ended itself since, only when it was made is known. */
function replacedAt(task: SwarmTask, tasks: readonly SwarmTask[]): number | null {
  const next = tasks
    .filter(
      (other) =>
        other.createdAt > task.createdAt &&
        other.slot === task.slot &&
        (task.slot !== null || other.node === task.node),
    )
    .sort((a, b) => a.createdAt - b.createdAt)[0];
  if (next?.state === 'running') return next.desired === 'running' ? next.changedAt : next.createdAt;
  return next && (next.state === 'shutdown' || next.state === 'failed') ? next.createdAt : null;
}
