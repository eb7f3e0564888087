/** A Redis server, asked as an ordinary client. Times are milliseconds. */

export interface RedisSample {
  readonly address: string;
  /** Milliseconds to connect, or null. */
  readonly connectMs: number | null;
  /** Milliseconds of PING on a fresh connection, or null when it failed. */
  readonly pingMs: number | null;
  readonly failure: {
    readonly kind: 'refused' | 'timeout' | 'reset' | 'loading' | 'authentication' | 'other';
    readonly text: string;
  } | null;
}
