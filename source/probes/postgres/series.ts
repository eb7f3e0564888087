import { orNaN, type SeriesPoint } from '../source.js';
import type { PostgresSample } from './sample.js';

export function* postgresSeries(sample: PostgresSample): Iterable<SeriesPoint> {
  const { selectOneMs, connectMs, connections, maxConnections } = sample;
  yield ['postgres.selectOne', orNaN(selectOneMs)];
  yield ['postgres.connect', orNaN(connectMs)];
  yield ['postgres.connections', orNaN(connections)];
  yield ['postgres.fill', connections !== null && maxConnections ? connections / maxConnections : Number.NaN];
}
