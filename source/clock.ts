/**
 * The one clock of a run. Everything that measures, judges or draws takes it as a parameter, so that a
 * recording replays to the same verdict and a test decides what time it is.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch; for people (timeline, reports). */
  wall(): number;
  /** Monotonic time in milliseconds; for durations and rates. Never jumps when the wall clock is set. */
  now(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  now: () => performance.now(),
};
