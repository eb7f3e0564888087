/** A PostgreSQL server, entered as an ordinary client. Times are milliseconds. */

export interface PostgresSample {
  readonly address: string;
  /** Milliseconds of SELECT 1 on a fresh connection, or null when it failed. */
  readonly selectOneMs: number | null;
  /** Milliseconds to connect and authenticate, or null. */
  readonly connectMs: number | null;
  /** Client connections in use, or null. */
  readonly connections: number | null;
  readonly maxConnections: number | null;
  /** Slots that only superusers may take (superuser_reserved_connections). */
  readonly reserved: number | null;
  /** Who holds most connections, most first, at most 3. */
  readonly holders: readonly {
    readonly application: string;
    readonly state: string;
    readonly count: number;
  }[];
  /** Why an ordinary client cannot get in, or null when one can. */
  readonly failure: {
    readonly kind: 'refused' | 'timeout' | 'too-many-connections' | 'authentication' | 'reset' | 'other';
    readonly text: string;
  } | null;
}
