import { edgesSeries } from '../edges/series.js';
import { orNaN, type SeriesPoint } from '../source.js';
import { closeWaitSeries } from './close-wait-series.js';
import { portUseSeries } from './port-use-series.js';
import type { SocketsSample } from './sample.js';

/** Edges of the host that have series. */
const MOST_EDGES = 48;

export function* socketsSeries(sample: SocketsSample): Iterable<SeriesPoint> {
  const { total, dnsAskers, edges, closeWait, portUse } = sample;
  for (const [state, count] of Object.entries(total)) yield [`sockets.${state}`, orNaN(count)];
  yield ['sockets.askers', dnsAskers.reduce((sum, asker) => sum + asker.count, 0)];
  yield* closeWaitSeries(closeWait ?? [], null);
  yield* portUseSeries(portUse ?? [], null);
  if (edges) yield* edgesSeries(edges, { most: MOST_EDGES, ownerOf: ({ owner }) => owner ?? 'host' });
}
