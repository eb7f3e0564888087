import type { PostgresSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { clearedDatastores } from './datastores.js';
import { fresh } from './values.js';

/** Below this a database that is asked by its address is not what anybody waits for (ms): Coroot's PostgresLatency. */
export const DATABASE_FAST_MS = 100;
/** Below this share its connections are not what anybody waits for: Netdata's postgres warning (80 %). */
export const DATABASE_ROOM = 0.8;

/** The last reading of the database, taken by its address, so that no resolver has a part in it. */
export const database = (history: History): PostgresSample | undefined => fresh(history.latest.postgres);

/** Connections in use as a share of those an ordinary client may have (max less reserved), or undefined. */
export function fillOf(sample: PostgresSample): number | undefined {
  if (sample.connections === null || !sample.maxConnections) return undefined;
  return sample.connections / Math.max(1, sample.maxConnections - (sample.reserved ?? 0));
}

/** Whether it answers fast and has room: the figures that clear it of suspicion. */
export function isInnocent(sample: PostgresSample): boolean {
  const fill = fillOf(sample);
  return (
    sample.failure === null &&
    sample.selectOneMs !== null &&
    sample.selectOneMs <= DATABASE_FAST_MS &&
    (fill === undefined || fill < DATABASE_ROOM)
  );
}

/** "SELECT 1 in 2 ms, 1 of 100 connections": only what was measured. */
export function databaseText(sample: PostgresSample): string {
  const parts: string[] = [];
  if (sample.selectOneMs !== null) parts.push(`SELECT 1 in ${duration(sample.selectOneMs)}`);
  else if (sample.failure) parts.push(sample.failure.text);
  if (sample.connections !== null && sample.maxConnections !== null)
    parts.push(`${sample.connections} of ${sample.maxConnections} connections`);
  return parts.join(', ');
}

/**
 * The figures that clear it: SELECT 1 in milliseconds, and room for connections; where it is not entered, what those
 * that are seen say without a login. Undefined when they do not.
 */
export function clearedDatabase(history: History): string | undefined {
  const sample = database(history);
  if (!sample) return clearedDatastores(history);
  return isInnocent(sample) ? databaseText(sample) : undefined;
}
