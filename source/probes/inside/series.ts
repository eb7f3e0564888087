import { edgesSeries } from '../edges/series.js';
import { kernelSeries } from '../kernel/series.js';
import { closeWaitSeries } from '../sockets/close-wait-series.js';
import { portUseSeries } from '../sockets/port-use-series.js';
import { TCP_STATES } from '../sockets/sample.js';
import { orNaN, type SeriesContext, type SeriesPoint } from '../source.js';
import type { InsideSample } from './sample.js';

/** Edges of a container that have series. */
const MOST_EDGES = 16;

/**
 * Figures of what one container sees; every signal carries its name. Counters of a new network (the container was
 * restarted) give no rate with those of the one before.
 */
export function* insideSeries(
  sample: InsideSample,
  context: SeriesContext<InsideSample>,
): Iterable<SeriesPoint> {
  const label = `{${sample.name}}`;
  const total = sample.sockets?.total;
  for (const state of TCP_STATES) yield [`sockets.${state}${label}`, orNaN(total?.[state])];
  if (sample.askers !== undefined) yield [`sockets.askers${label}`, orNaN(sample.askers)];
  if (sample.sockets)
    yield* edgesSeries(sample.sockets.edges, { most: MOST_EDGES, ownerOf: () => sample.name });
  yield* closeWaitSeries(sample.sockets?.closeWait ?? [], sample.name);
  yield* portUseSeries(sample.sockets?.portUse ?? [], sample.name);
  if (sample.kernel) yield* kernelSeries(sample.kernel, context, label, sample.network ?? `${sample.pid}`);
  const { fill, drop, insertFailed } = sample.conntrack ?? {};
  const life = sample.network ?? `${sample.pid}`;
  yield [`conntrack.fill${label}`, orNaN(fill)];
  yield [`conntrack.drop${label}`, context.perSecond(`conntrack.drop${label}`, drop ?? null, life)];
  yield [
    `conntrack.insertFailed${label}`,
    context.perSecond(`conntrack.insertFailed${label}`, insertFailed ?? null, life),
  ];
}
