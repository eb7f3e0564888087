/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /** A connection is slow beyond this many ms, and beyond so many times the quickest that was seen. */
  connect: {
    floorMs: 10,
    times: 5,
    source: 'Coroot NetworkRTT: 10 ms within a cluster; our choice: five times its own best',
  },
  /** Below half of that it is well again. */
  clearShare: 0.5,
  /** How far the slow connections may lie apart: a delay is the same for every packet (share of the least, ms). */
  spread: { share: 0.6, floorMs: 10, source: 'measured: a delay differs by milliseconds, loss by a second' },
  /** Segments sent again below which nothing is lost on the way (percent). */
  resent: {
    clear: 0.5,
    much: 5,
    windowMs: 20_000,
    source: 'a delayed packet arrives: nothing is sent again',
  },
  /** A slow way of its own counts after so many attempts; several that share one end, beside quick ones, at once. */
  attempts: { value: 2, source: 'our choice: one slow attempt may be our own pause' },
  throttled: "cpu.stat: a CPU limit holds the process, not the handshake, which is the kernel's",
} as const;
