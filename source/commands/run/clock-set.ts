import type { Clock } from '../../clock.js';
import { duration } from '../../terminal/format.js';

/** A clock that is kept by NTP is turned by 0.5 ms a second at most (adjtimex: 500 ppm): 0.3 s in a run of ten minutes. */
const MOST_MS = 2_000;

/**
 * Watches whether the wall clock is set, or the machine sleeps: either makes the times of a run false. The returned
 * function says so, or null where it went as the monotonic clock did.
 */
export function watchClock(clock: Pick<Clock, 'wall' | 'now'>): () => string | null {
  const began = clock.wall() - clock.now();
  return () => {
    const ms = clock.wall() - clock.now() - began;
    if (Math.abs(ms) <= MOST_MS) return null;
    const way = ms > 0 ? 'ahead' : 'back';
    return `the clock of this machine was set ${way} by ${duration(Math.abs(ms))} during the run: its times prove nothing`;
  };
}
