import type { SeriesContext, SeriesPoint } from '../source.js';
import type { ConntrackSample } from './sample.js';

export function* conntrackSeries(
  { count, fill, drop, earlyDrop, insertFailed }: ConntrackSample,
  { perSecond }: SeriesContext<ConntrackSample>,
): Iterable<SeriesPoint> {
  yield ['conntrack.count', count];
  yield ['conntrack.fill', fill ?? Number.NaN];
  yield ['conntrack.drop', perSecond('conntrack.drop', drop)];
  yield ['conntrack.earlyDrop', perSecond('conntrack.earlyDrop', earlyDrop)];
  yield ['conntrack.insertFailed', perSecond('conntrack.insertFailed', insertFailed)];
}
