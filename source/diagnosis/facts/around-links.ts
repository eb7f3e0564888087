import type { History } from '../../store/history.js';
import { HOST_PLACE, placeOf } from '../places.js';
import { aroundWorkload } from './blast-radius.js';
import { type Link, otherEnd } from './links.js';

/** What trouble on these links of one end can cause: around it, at whoever is at their other ends, and at this host where it shows in its own connections. */
export function aroundLinks(history: History, name: string, its: readonly Link[]): string[] {
  const edges = its.flatMap((link) => link.edges);
  return [
    ...new Set([
      ...aroundWorkload(history, name),
      ...its.flatMap((link) => aroundWorkload(history, otherEnd(link, name))),
      ...edges.flatMap(({ direction, peer, port }) =>
        direction === 'out' ? placeOf(`${peer}:${port}`) : [],
      ),
      ...(edges.some(({ inside }) => inside === null) ? [HOST_PLACE] : []),
    ]),
  ];
}
