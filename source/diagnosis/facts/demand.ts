import type { History } from '../../store/history.js';
import { largest, newest, usual } from './values.js';

/** Arrivals are judged over this long (ms), by their median: a burst a moment ago is not what arrives now. */
const ARRIVALS_MS = 10_000;
/** Waiting lookups that were counted longer ago than this (ms) say nothing of now. */
const LATELY_MS = 10_000;
/** A burst is looked for over this long (ms). */
const PEAK_MS = 120_000;

/** How many lookups wait, against how many connections arrive. */
export interface Demand {
  /** UDP sockets that wait for a DNS answer now, those inside containers with them. */
  readonly waitingLookups: number;
  /** Connections accepted a second now, and the most of the last two minutes; undefined when not readable. */
  readonly arrivals: number | undefined;
  readonly peak: number | undefined;
}

/**
 * The demand on the resolvers: lookups that wait in this host's own network and in its containers'. Undefined when
 * sockets cannot be read, or containers ask whose waiting lookups were not counted.
 */
export function demand(history: History): Demand | undefined {
  const here = newest(history, 'sockets.askers', LATELY_MS);
  const inside = Object.keys(history.latest.lookups ?? {}).map((name) =>
    newest(history, `sockets.askers{${name}}`, LATELY_MS),
  );
  if (here === undefined || (inside.length > 0 && inside.every((count) => count === undefined)))
    return undefined;
  const waitingLookups = inside.reduce<number>((sum, count) => sum + (count ?? 0), here);
  return {
    waitingLookups,
    arrivals: usual(history, 'kernel.Tcp.PassiveOpens', ARRIVALS_MS),
    peak: largest(history, 'kernel.Tcp.PassiveOpens', PEAK_MS),
  };
}
