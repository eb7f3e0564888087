import type { EngineEvent } from '../../engines/engine.js';

/** What an engine said happened. Times are wall-clock milliseconds. */

/** As the engine told it. */
export type WorkloadEvent = EngineEvent;

export interface EventsSample {
  /**
   * Of the last two minutes, oldest first, at most 500; of what begins and ends a life, ten minutes, and what ended one
   * that has not begun again, an hour.
   */
  readonly events: readonly WorkloadEvent[];
  /** Events beyond 500 that were let go. */
  readonly lost: number;
}
