import type { History } from '../../store/history.js';
import type { Connection } from './connections.js';
import { serviceOf } from './services.js';

/** Whether it ended before a packet left: by a route or a rule of its source's own network, or by none that leads there. */
export const isNoWay = ({ cell: { outcome } }: Pick<Connection, 'cell'>): boolean =>
  outcome === 'no-route' || outcome === 'permission';

/**
 * Whether a way is missed that leads nowhere: it was there before, or its source needs a container that is watched.
 * Where two only share a network, or an address is one of the world outside, it may be so by intent.
 */
export const missesWay = (history: History, one: Connection): boolean =>
  isNoWay(one) && (one.least !== undefined || (one.needed && serviceOf(history, one.target) !== undefined));

/** `connect fails at once (EINVAL): a blackhole route swallows it`. */
export const noWayText = ({ cell: { errno, meaning } }: Pick<Connection, 'cell'>): string =>
  `connect fails at once (${errno ?? 'no errno'}): ${meaning}`;
