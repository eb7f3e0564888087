import { orNaN, type SeriesPoint } from '../source.js';
import type { SocketsSample } from './sample.js';

export function* socketsSeries({ total, dnsAskers }: SocketsSample): Iterable<SeriesPoint> {
  for (const [state, count] of Object.entries(total)) yield [`sockets.${state}`, orNaN(count)];
  yield ['sockets.askers', dnsAskers.reduce((sum, asker) => sum + asker.count, 0)];
}
