import type { SwarmService, SwarmTask } from '../../probes/samples.js';
import type { Level } from './level.js';

/** States of a task that has ended. */
export const ENDED: ReadonlySet<string> = new Set([
  ...['complete', 'failed', 'shutdown'],
  ...['rejected', 'orphaned', 'remove'],
]);

/** So long (ms) may a task take the place of another: Container Failure Test, Swarm does it in about 12 s. */
const REPLACED_WITHIN_MS = 20_000;

/**
 * Fewer replicas than wanted is a warning, none at all is critical; in an update, and while tasks are on their way to
 * take the places of others, it is to be expected.
 */
export function levelOfSwarmService(service: SwarmService, now: number): Level {
  const { running, desired, updateState, tasks } = service;
  if (running >= desired) return 'ok';
  const comes = (task: SwarmTask): boolean =>
    task.desired === 'running' &&
    task.state !== 'running' &&
    !ENDED.has(task.state) &&
    now - task.createdAt < REPLACED_WITHIN_MS;
  if (updateState === 'updating' || running + tasks.filter(comes).length >= desired) return 'notice';
  return running === 0 ? 'critical' : 'warning';
}

/** A task is one of many lives of a replica: its end is told, and whether that hurts is judged by its service. */
export function levelOfTask({ state }: SwarmTask): Level {
  if (state === 'running') return 'ok';
  if (state === 'failed' || state === 'rejected') return 'notice';
  return ENDED.has(state) ? 'unknown' : 'notice';
}
