import type { Point } from '../../source/store/series.js';
import { SPARKS } from '../../source/terminal/symbols.js';

export interface SparklineOptions {
  readonly columns: number;
  /** Wall-clock ms at the right end, and how much time the columns span (ms). */
  readonly now: number;
  readonly span: number;
  /** Value of a full column; grows with the data. */
  readonly full: number;
  /** Which end of the values is bad: the worst of each column is drawn, so that no short failure is smoothed away. */
  readonly worst: 'high' | 'low';
}

/**
 * The shape of a signal over time. Columns stand on whole multiples of their width in time, so that a drawn value
 * moves left and never changes its height between two ticks. A column without a value is blank, not zero.
 */
export function sparkline(points: readonly Point[], options: SparklineOptions): string {
  const { columns, now, span, worst } = options;
  if (columns <= 0) return '';
  const step = span / columns;
  const last = Math.floor(now / step);
  const cells = new Array<number | undefined>(columns).fill(undefined);
  let full = options.full;
  for (const { at, value } of points) {
    if (Number.isNaN(value) || at > now) continue;
    const index = columns - 1 - (last - Math.floor(at / step));
    if (index < 0) continue;
    const before = cells[index];
    cells[index] =
      before === undefined ? value : worst === 'high' ? Math.max(before, value) : Math.min(before, value);
    if (value > full) full = value;
  }
  const top = SPARKS.length - 1;
  return cells
    .map((value) => {
      if (value === undefined) return ' ';
      const height = full > 0 ? Math.round((value / full) * top) : 0;
      return SPARKS[Math.max(0, Math.min(top, height))];
    })
    .join('');
}
