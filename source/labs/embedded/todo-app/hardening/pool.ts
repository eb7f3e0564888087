import pg from 'pg';
import type { Database } from '../database.js';

/** The Container Networking Exhaustion document's example keeps up to 20; 10 are enough for queries of 1 ms. */
const CONNECTIONS = 10;

/**
 * Connections that are kept: the name is looked up once for the whole pool, and again only after a connection could
 * not be made (the database may have moved).
 */
export function createPool(
  config: pg.ClientConfig,
  lookup: (signal: AbortSignal) => Promise<string>,
): Database {
  let pool: Promise<pg.Pool> | null = null;
  const never = new AbortController().signal;
  const open = async (): Promise<pg.Pool> => {
    const opened = new pg.Pool({ ...config, host: await lookup(never), max: CONNECTIONS });
    // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
    opened.on('error', (error) => process.stderr.write(`pool: ${error.message}\n`));
    return opened;
  };
  return {
    async query(text, values, signal) {
      pool ??= open();
      const current = pool;
      try {
        const opened = await current;
        signal.throwIfAborted();
        return (await opened.query(text, [...values])).rows;
      } catch (error) {
        if (!(error instanceof pg.DatabaseError) && !signal.aborted && pool === current) {
          pool = null;
          void current.then((opened) => opened.end()).catch(() => {});
        }
        throw error;
      }
    },
  };
}
