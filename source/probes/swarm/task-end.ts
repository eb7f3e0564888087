import type { SwarmTask } from './sample.js';

/** States that a task does not leave (moby/swarmkit, design/task_model.md: "terminal states"). */
const ENDED = new Set(['complete', 'failed', 'shutdown', 'rejected', 'orphaned', 'remove']);

export const hasEnded = (task: Pick<SwarmTask, 'state'>): boolean => ENDED.has(task.state);
