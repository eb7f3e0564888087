import pg from 'pg';
import type { Switches } from './hardening/switches.js';
import { untilAborted } from './until-aborted.js';

export interface Database {
  /** Rows of one statement. Rejects with the database's error, the network's, the resolver's or the signal's reason. */
  query(
    text: string,
    values: readonly unknown[],
    signal: AbortSignal,
  ): Promise<readonly Record<string, unknown>[]>;
}

/** A connection for each request, made and closed by it; the pool in its place while that switch is on. */
export function createDatabase(
  config: pg.ClientConfig,
  lookup: (signal: AbortSignal) => Promise<string>,
  pool: Database,
  switches: Switches,
): Database {
  const connectEachTime: Database = {
    async query(text, values, signal) {
      const host = await lookup(signal);
      const client = new pg.Client({ ...config, host });
      // The query rejects with the same error; without a listener it would end the process too.
      client.on('error', () => {});
      try {
        await untilAborted(client.connect(), signal);
        return (await untilAborted(client.query(text, [...values]), signal)).rows;
      } finally {
        // What was stopped half-way is not waited for: a frozen server would not answer the good-bye either.
        void client.end().catch(() => {});
      }
    },
  };
  return {
    query: (text, values, signal) =>
      (switches.has('pool') ? pool : connectEachTime).query(text, values, signal),
  };
}
