import type { SwarmTask } from './sample.js';
import { hasEnded } from './task-end.js';

/** An ended task and the one that took its place. */
export interface Replacement {
  readonly ended: SwarmTask;
  readonly successor: SwarmTask;
  /** From the end of the one to the other's running, ms; 0 where the successor ran first (`start-first`). */
  readonly ms: number;
}

/**
 * Each task that runs now and took the place of one that ended, newest first. A replica is replaced in its slot; a
 * task of a global service, which has no slot, on its node. How long a successor took that has ended itself since
 * cannot be told: its time is then that of its own end.
 */
export function replacementsOf(tasks: readonly SwarmTask[]): readonly Replacement[] {
  const out: Replacement[] = [];
  for (const successor of tasks) {
    if (successor.state !== 'running' || successor.desired !== 'running') continue;
    const ended = tasks
      .filter((task) => samePlace(task, successor) && task.createdAt < successor.createdAt)
      .sort((a, b) => b.createdAt - a.createdAt)[0];
    if (!ended || !hasEnded(ended)) continue;
    out.push({ ended, successor, ms: Math.max(0, successor.changedAt - ended.changedAt) });
  }
  return out.sort((a, b) => b.successor.changedAt - a.successor.changedAt);
}

/** How long the newest replacement took, ms, or null when there was none. */
export function newestReplacementMs(tasks: readonly SwarmTask[]): number | null {
  return replacementsOf(tasks)[0]?.ms ?? null;
}

function samePlace(a: SwarmTask, b: SwarmTask): boolean {
  return a.slot === null ? b.slot === null && a.node === b.node : a.slot === b.slot;
}
