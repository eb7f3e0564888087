import type { History } from '../../store/history.js';
import type { NamedEdge } from './edges.js';
import { known } from './values.js';

/** Wall-clock ms of the look in which an edge was seen. */
export const lookOf = (history: History, { inside }: NamedEdge): number =>
  (inside === null ? history.latest.sockets?.at : history.latest.inside?.[inside]?.at) ?? history.now;

/**
 * New connections and segments of data of the same edge that got through within `ms`, as looks tell that were over when
 * what is stuck was tried for the last time, `lastTryMs` before its own look: had the way only been cut for a while, that
 * try would have got through as well.
 */
export function throughBefore(history: History, edge: NamedEdge, lastTryMs: number, ms: number): number {
  const before = lookOf(history, edge) - lastTryMs;
  const count = (figure: string): number =>
    known(history, `edge.${figure}${edge.label}`, ms)
      .filter(({ at }) => at <= before)
      .reduce((sum, { value }) => sum + value, 0);
  return count('opened') + count('received');
}
