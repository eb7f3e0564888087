/** What an engine said happened. Times are wall-clock milliseconds. */

export interface WorkloadEvent {
  readonly at: number;
  readonly workload: string;
  /** Docker's own word: `kill`, `die`, `oom`, `start`, `restart`, `stop`, `pause`, `update`, `disconnect` … */
  readonly action: string;
  /** As the engine tells it to a person: `signal 9`, `exit code 137: killed (SIGKILL)`. */
  readonly detail: string;
  /** Number of the signal of a `kill`, where it was told. */
  readonly signal?: number;
  /** Of a `die`, where it was told. */
  readonly exitCode?: number;
  /** Of a `connect` or `disconnect`. */
  readonly network?: string;
  /** Of a `destroy`: addresses that it had, as far as they are known, and names its networks knew it by. */
  readonly addresses?: readonly string[];
  readonly names?: readonly string[];
}

export interface EventsSample {
  /**
   * Of the last two minutes, oldest first, at most 500; of what begins and ends a life, ten minutes, and what ended one
   * that has not begun again, an hour.
   */
  readonly events: readonly WorkloadEvent[];
  /** Events beyond 500 that were let go. */
  readonly lost: number;
}
