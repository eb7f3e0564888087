import type pg from 'pg';
import { sanitise } from '../../terminal/sanitise.js';
import type { PostgresSample } from './sample.js';
import { APPLICATION_NAME } from './session.js';

export interface Usage {
  /** Client connections, our own left out. */
  readonly connections: number;
  readonly maxConnections: number;
  readonly reserved: number;
  readonly holders: PostgresSample['holders'];
}

const SHOWN_HOLDERS = 3;

/**
 * Without the right to see others' activity (pg_read_all_stats) backend_type and application_name of their rows are
 * null; what has a user and a database is then a client (background workers have no database).
 */
const QUERY = `
  SELECT coalesce(application_name, '') AS application, coalesce(state, 'unknown') AS state, count(*)::int AS count,
         current_setting('max_connections')::int AS max,
         current_setting('superuser_reserved_connections')::int AS reserved
  FROM pg_stat_activity
  WHERE backend_type = 'client backend' OR (backend_type IS NULL AND usesysid IS NOT NULL AND datid IS NOT NULL)
  GROUP BY 1, 2
  ORDER BY 3 DESC`;

interface Row {
  readonly application: string;
  readonly state: string;
  readonly count: number;
  readonly max: number;
  readonly reserved: number;
}

/** Counts connections by application and state. The row of our own connection makes sure that there is one. */
export async function readUsage(client: pg.Client): Promise<Usage> {
  const { rows } = await client.query<Row>(QUERY);
  const others = rows.filter(({ application }) => application !== APPLICATION_NAME);
  return {
    connections: others.reduce((sum, { count }) => sum + count, 0),
    maxConnections: rows[0]?.max ?? 0,
    reserved: rows[0]?.reserved ?? 0,
    holders: others.slice(0, SHOWN_HOLDERS).map(({ application, state, count }) => ({
      application: sanitise(application || 'unnamed', 60),
      state: sanitise(state, 40),
      count,
    })),
  };
}
