/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /** Percent of segments sent again. */
  resent: {
    raise: 1,
    critical: 5,
    source: 'measured: the percentage sent again is about the percentage lost',
  },
  /** Over this long (ms), and of so many segments at least. */
  windowMs: 20_000,
  segments: { value: 100, source: 'fewer segments give no percentage' },
  /**
   * Sent again so much (percent) is loss by itself; less only beside connections that lost their first packet, in more
   * than one round: a machine that is short of CPU sends a little again, too (measured: 1 to 2 % at a load of 17 on 2 cores).
   */
  alone: { percent: 5, clear: 2.5, rounds: 2, latelyMs: 20_000 },
  /** It goes on: in so large a share of the readings of this time (ms), two at least. One stall of a busy machine is not. */
  lasting: { share: 0.5, windowMs: 11_000, least: 2 },
  /** Segments sent again that carried data; those that only open a connection may wait for a full listener instead. */
  data: { value: 5, source: 'TcpExt.TCPSynRetrans apart: a SYN is sent again to a full queue, too' },
  /** A connection that took this long (ms) lost its first packet; attempts of the last while (ms). */
  quantum: {
    fromMs: 900,
    windowMs: 60_000,
    source: 'RFC 6298: a lost SYN is sent again after 1 s; connects take 1.0 s, not 0.2 s',
  },
  overflows: 'TcpExt.ListenOverflows: a full listener drops a SYN as well',
} as const;
