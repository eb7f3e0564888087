/** The Container Networking Exhaustion document's example opens after 5 failures. */
const FAILURES_TO_OPEN = 5;
/** The resolver's queue, 256 queries of 20 ms, has drained after 5.1 s; its example waits 30 s. */
const OPEN_MS = 6_000;

/** Thrown in place of an attempt while the breaker is open. */
export class BreakerOpen extends Error {
  constructor() {
    super('circuit breaker open: name resolution keeps failing');
  }
}

/** Circuit breaker around name lookups: closed, open, half-open with one attempt at a time. */
export interface Breaker {
  /** Throws `BreakerOpen`, or lets one attempt pass, which must then be reported. */
  enter(): void;
  report(ok: boolean): void;
}

export function createBreaker(now: () => number = () => performance.now()): Breaker {
  let failures = 0;
  let openedAt: number | null = null;
  let trying = false;
  return {
    enter() {
      if (openedAt === null) return;
      if (trying || now() - openedAt < OPEN_MS) throw new BreakerOpen();
      trying = true;
    },
    report(ok) {
      // Answers to attempts made before it opened say nothing about now.
      if (openedAt !== null && !trying) return;
      trying = false;
      failures = ok ? 0 : failures + 1;
      openedAt = failures >= FAILURES_TO_OPEN ? now() : null;
    },
  };
}
