/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /** Percent of segments sent again. */
  resent: {
    raise: 1,
    critical: 5,
    clear: 0.5,
    source: 'measured: the percentage sent again is about the percentage lost',
  },
  /** Over this long (ms), and of so many segments at least. */
  windowMs: 20_000,
  segments: { value: 100, source: 'fewer segments give no percentage' },
  /** Segments sent again that carried data; those that only open a connection may wait for a full listener instead. */
  data: { value: 3, source: 'TcpExt.TCPSynRetrans apart: a SYN is sent again to a full queue, too' },
  /** A connection that took this long (ms) lost its first packet; attempts of the last while (ms). */
  quantum: {
    fromMs: 900,
    windowMs: 60_000,
    source: 'RFC 6298: a lost SYN is sent again after 1 s; connects take 1.0 s, not 0.2 s',
  },
  overflows: 'TcpExt.ListenOverflows: a full listener drops a SYN as well',
} as const;
