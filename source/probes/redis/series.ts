import { orNaN, type SeriesPoint } from '../source.js';
import type { RedisSample } from './sample.js';

/** NaN when PING was not answered. */
export function* redisSeries({ pingMs }: RedisSample): Iterable<SeriesPoint> {
  yield ['redis.ping', orNaN(pingMs)];
}
