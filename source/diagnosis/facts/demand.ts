import type { History } from '../../store/history.js';
import { average, largest, newest } from './values.js';

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
    arrivals: average(history, 'kernel.Tcp.PassiveOpens', 5000),
    peak: largest(history, 'kernel.Tcp.PassiveOpens', 120_000),
  };
}
