import type { MatrixSample } from '../../probes/samples.js';
import type { SeriesBook } from '../series.js';

/**
 * `matrix.ok{source→target}` is 1 for a connection, 0 for any other end, NaN for what was not tried; `matrix.ms` is
 * the time of a connection, NaN where none came about: a refusal is quick and a timeout is our own patience.
 * `matrix.reached` is the share of what was tried that connects.
 */
export function putMatrix(book: SeriesBook, at: number, sample: MatrixSample): void {
  for (const { source, target, outcome, ms } of sample.cells) {
    const label = `{${source}→${target}}`;
    const connected = outcome === 'connected';
    book.push(`matrix.ok${label}`, at, outcome === 'unmeasured' ? Number.NaN : connected ? 1 : 0);
    book.push(`matrix.ms${label}`, at, connected && ms !== null ? ms : Number.NaN);
  }
  const tried = sample.cells.filter(({ outcome }) => outcome !== 'unmeasured');
  const connected = tried.filter(({ outcome }) => outcome === 'connected').length;
  book.push('matrix.reached', at, tried.length > 0 ? connected / tried.length : Number.NaN);
}
