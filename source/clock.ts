/**
 * The one clock of a run. Everything that measures, judges, draws or keeps a pace takes it as a parameter, so that a
 * recording replays to the same verdict and a test decides what time it is.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch; for people (timeline, reports). */
  wall(): number;
  /** Monotonic time in milliseconds; for durations and rates. Never jumps when the wall clock is set. */
  now(): number;
  /** Runs `work` once, `ms` from now. */
  setTimeout(work: () => void, ms: number): Timer;
  /** Nothing happens for one that has run, or was never set. */
  clearTimeout(timer: Timer | undefined): void;
}

/** What a clock gives for a work that it will run; only that clock knows what it is. */
export type Timer = object;

/** The clock of the machine. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  now: () => performance.now(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

/** Resolves `ms` from now; rejects with the signal's reason when that aborts before. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    signal?.throwIfAborted();
    const giveUp = (): void => {
      clock.clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      done();
    }, ms);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}

/** Runs `work` every `ms`, the first time after `firstMs`, until the returned function is called. */
export function repeat(clock: Clock, ms: number, work: () => void, firstMs = ms): () => void {
  const turn = (): void => {
    timer = clock.setTimeout(turn, ms);
    work();
  };
  let timer = clock.setTimeout(turn, firstMs);
  return () => clock.clearTimeout(timer);
}
