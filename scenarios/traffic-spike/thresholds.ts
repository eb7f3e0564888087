/**
 * Every figure this failure mode is judged by, in one place. A queue, not silence, is what tells it from a dead
 * resolver: a first-in-first-out server of capacity C with Q queries waiting answers after Q/C seconds.
 */
export const THRESHOLDS = {
  /** Late answers within the watch window that prove the resolver alive but slow. */
  lateAnswers: {
    value: 1,
    source: 'a dead server answers never; an answer after its asker gave up is a queue',
  },
  /** Runs in a row that must wait in vain when no HTTP target shows that anybody suffers. */
  runsWithoutTarget: { value: 3, source: 'our choice: one lost datagram is no outage' },
  /** Lookups that wait at the same time before a crowd is a crowd; the console's own watch holds a few. */
  askers: { value: 20, source: 'our choice; a healthy lookup of 40 ms leaves none waiting at 1 request/s' },
  /**
   * Mean wait by Little's law (waiting / arriving) beyond which the load has outlived its arrivals (ms). Measured on
   * the lab: 7 s when saturated, 0.1 s when well.
   */
  littleWaitMs: { value: 2000, source: "Little's law N = λW; 2 s is when an asker gives up and asks again" },
  /** Arrivals of the last two minutes against now that call a past burst a spike. */
  spikeRatio: { value: 5, source: 'our choice; Netdata takes 10 x its baseline for resets' },
  /** Log lines in 10 s. */
  logLines: {
    value: 1,
    source: 'EAI_AGAIN and ETIMEOUT mean nobody answered in time; NXDOMAIN would be ENOTFOUND',
  },
} as const;

/**
 * Must hold this long before it is named, and be gone this long before it is dropped (ms). Short, because a lookup
 * waited for in vain, an answer that came late and a request that hung have taken more than 5 s by then.
 */
export const FOR_MS = 1000;
export const KEEP_MS = 6000;
