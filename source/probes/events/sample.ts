/** What an engine said happened. Times are wall-clock milliseconds. */

export interface WorkloadEvent {
  readonly at: number;
  readonly workload: string;
  /** Docker's own word: `kill`, `die`, `oom`, `start`, `restart`, `stop`, `pause`, `update`, `disconnect` … */
  readonly action: string;
  /** As the engine tells it: `signal 9`, `exit code 137`. */
  readonly detail: string;
}

export interface EventsSample {
  /** Of the last two minutes, oldest first, at most 500. */
  readonly events: readonly WorkloadEvent[];
  /** Events beyond 500 that were let go. */
  readonly lost: number;
}
