import type { History } from '../../store/history.js';
import { largest, newest, usual } from './values.js';

/** Arrivals are judged over this long (ms), by their median: a burst a moment ago is not what arrives now. */
const ARRIVALS_MS = 10_000;

/** How many lookups wait, against how many connections arrive. */
export interface Demand {
  /** UDP sockets that wait for a DNS answer now. */
  readonly askers: number;
  /** Connections accepted a second now, and the most of the last two minutes; undefined when not readable. */
  readonly arrivals: number | undefined;
  readonly peak: number | undefined;
}

/** The demand on the resolvers, or undefined when sockets cannot be read. */
export function demand(history: History): Demand | undefined {
  const askers = newest(history, 'sockets.askers', 10_000);
  if (askers === undefined) return undefined;
  return {
    askers,
    arrivals: usual(history, 'kernel.Tcp.PassiveOpens', ARRIVALS_MS),
    peak: largest(history, 'kernel.Tcp.PassiveOpens', 120_000),
  };
}
