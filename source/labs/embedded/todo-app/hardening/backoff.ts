const FIRST_MS = 200;
const MOST_MS = 10_000;

/**
 * Milliseconds to wait before attempt `attempt` + 1, counted from 0: anything between nothing and a bound that
 * doubles from 200 ms to 10 s ("full jitter", AWS Architecture Blog, Exponential Backoff And Jitter, 2015).
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
}
