import type { SeriesPoint } from '../source.js';
import type { MatrixSample } from './sample.js';

/**
 * `matrix.ok{source→target}` is 1 for a connection, 0 for any other end, NaN for what was not tried; `matrix.ms` is
 * the time of a connection, NaN where none came about: a refusal is quick and a timeout is our own patience.
 * `matrix.reached` is the share of what was tried that connects. What rests in this round has no value.
 */
export function* matrixSeries({ cells }: MatrixSample): Iterable<SeriesPoint> {
  const asked = cells.filter(({ rests }) => !rests);
  for (const { source, target, outcome, ms } of asked) {
    const label = `{${source}→${target}}`;
    const connected = outcome === 'connected';
    yield [`matrix.ok${label}`, outcome === 'unmeasured' ? Number.NaN : connected ? 1 : 0];
    yield [`matrix.ms${label}`, connected && ms !== null ? ms : Number.NaN];
  }
  const tried = asked.filter(({ outcome }) => outcome !== 'unmeasured');
  const connected = tried.filter(({ outcome }) => outcome === 'connected').length;
  yield ['matrix.reached', tried.length > 0 ? connected / tried.length : Number.NaN];
}
