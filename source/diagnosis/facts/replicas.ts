import type { SwarmService, SwarmTask } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { failedTasks, swarmServiceOf, taskLoops } from './swarm.js';
import { earliest, fresh, known } from './values.js';

/** The replicas of one service of the swarm, as they stand now. */
export interface Replicas {
  readonly service: SwarmService;
  /** Wall-clock ms since which some are missing without a break, or null when none is. */
  readonly since: number | null;
  /** Tasks that failed within the loop's window, newest first, and whether they do so again and again. */
  readonly failed: readonly SwarmTask[];
  readonly loops: boolean;
  /** The task that no node takes, with the scheduler's reason; undefined where each is placed. */
  readonly unplaced: SwarmTask | undefined;
}

/** Those of every service; that they are missing is looked for over the last `ms`. */
export const swarmReplicas = (history: History, ms: number): Replicas[] =>
  (fresh(history.latest.swarm)?.services ?? []).map((service) => ({
    service,
    since: missingSince(history, service, ms),
    failed: failedTasks(history, service),
    loops: taskLoops(history, service),
    unplaced: unplacedOf(service),
  }));

const unplacedOf = ({ tasks }: SwarmService): SwarmTask | undefined =>
  tasks.find(({ state, desired, error }) => state === 'pending' && desired === 'running' && error !== null);

/**
 * By what was read, and by its tasks: one that is to run, and does not, says since when, also of before we came. In an
 * update replicas are missing by intent, but for the one that no node takes.
 */
function missingSince(history: History, service: SwarmService, ms: number): number | null {
  const { name, desired, running, tasks } = service;
  if (running >= desired) return null;
  if (service.updateState === 'updating') return unplacedOf(service)?.createdAt ?? null;
  const awaited = tasks.filter((task) => task.desired === 'running' && task.state !== 'running');
  const readings = known(history, `swarm.running{${name}}`, ms);
  const whole = readings.findLastIndex(({ value }) => value >= desired);
  return earliest(readings[whole + 1]?.at, ...awaited.map(({ createdAt }) => createdAt));
}

/** The line that the last container of a service which ended wrote; undefined where none is known. */
export const lastWordsOf = (history: History, { name }: SwarmService): string | undefined =>
  (fresh(history.latest.services)?.services ?? [])
    .filter((one) => swarmServiceOf(one) === name && one.container?.lastWords !== undefined)
    .sort((a, b) => (b.lastExit?.at ?? 0) - (a.lastExit?.at ?? 0))[0]?.container?.lastWords;
