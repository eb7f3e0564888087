import type { SeriesPoint } from '../source.js';
import type { UnitsSample } from './sample.js';

/** Services whose restarts are kept: of those that never were any there is nothing to see. */
const MOST = 50;

export function* unitsSeries({ units }: UnitsSample): Iterable<SeriesPoint> {
  for (const { name, restarts } of units.filter((one) => one.restarts > 0).slice(0, MOST))
    yield [`unit.restarts{${name}}`, restarts];
}
