import { orNaN, type SeriesPoint } from '../source.js';
import type { LabSample } from './sample.js';

export function* labSeries({ resolver, app }: LabSample): Iterable<SeriesPoint> {
  yield ['lab.queue', orNaN(resolver?.queue)];
  yield ['lab.inFlight', app ? app.inFlight + app.waiting : Number.NaN];
}
