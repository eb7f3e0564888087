/** The connection tracker. Times are milliseconds. */

export interface ConntrackSample {
  readonly count: number;
  /** Room in the table, in flows; 0 is no limit. */
  readonly max: number;
  /** count / max, 0 to 1, or null without a limit. */
  readonly fill: number | null;
  /** Sums over all CPUs of /proc/net/stat/nf_conntrack, or null when that file is not readable. */
  readonly drop: number | null;
  readonly earlyDrop: number | null;
  readonly insertFailed: number | null;
  /** Seconds, by sysctl name without its prefix: `tcp_timeout_established`. */
  readonly timeouts: Readonly<Record<string, number>>;
}
