import type { SeriesPoint } from '../source.js';
import type { LogsSample } from './sample.js';

export function* logsSeries({ matches }: LogsSample): Iterable<SeriesPoint> {
  for (const { kind, service, recent } of matches) yield [`logs.${kind}{${service}}`, recent];
}
