import { edgesSeries } from '../edges/series.js';
import { orNaN, type SeriesPoint } from '../source.js';
import type { SocketsSample } from './sample.js';

/** Edges of the host that have series. */
const MOST_EDGES = 48;

/** Besides each state: who holds CLOSE-WAIT, `.of{service}` for each service and `.unowned` for nobody we watch. */
export function* socketsSeries({
  total,
  perService,
  dnsAskers,
  edges,
}: SocketsSample): Iterable<SeriesPoint> {
  for (const [state, count] of Object.entries(total)) yield [`sockets.${state}`, orNaN(count)];
  yield ['sockets.askers', dnsAskers.reduce((sum, asker) => sum + asker.count, 0)];
  let unowned = orNaN(total['CLOSE-WAIT']);
  for (const { service, byState } of perService) {
    const held = byState['CLOSE-WAIT'] ?? 0;
    yield [`sockets.CLOSE-WAIT.of{${service}}`, held];
    unowned -= held;
  }
  yield ['sockets.CLOSE-WAIT.unowned', unowned];
  if (edges) yield* edgesSeries(edges, { most: MOST_EDGES, ownerOf: ({ owner }) => owner ?? 'host' });
}
