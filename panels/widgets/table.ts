import type { Tone } from '../../source/terminal/theme.js';
import { type Line, type Span, span } from '../panel.js';
import { cell } from './fit.js';

export interface Column {
  readonly title: string;
  readonly width: number;
  readonly align?: 'left' | 'right';
}

/** A value of a row, with its meaning. */
export type Value = string | Span;

/** The columns that fit into `width`, the last ones left out first; one blank between two. */
export function columnsThatFit(columns: readonly Column[], width: number, indent = 0): readonly Column[] {
  let used = indent;
  const out: Column[] = [];
  for (const column of columns) {
    used += column.width + (out.length > 0 ? 1 : 0);
    if (used > width && out.length > 0) break;
    out.push(column);
  }
  return out;
}

/** The head of a table. */
export function tableHead(columns: readonly Column[], indent = ''): Line {
  return [
    span(indent),
    ...row(
      columns,
      columns.map((column) => column.title),
      'muted',
    ),
  ];
}

/** One row: a value a column, cut and aligned. */
export function row(columns: readonly Column[], values: readonly Value[], tone?: Tone): Line {
  return columns.flatMap((column, index) => {
    const value = values[index] ?? '';
    const text = typeof value === 'string' ? value : value.text;
    const own = typeof value === 'string' ? tone : (value.tone ?? tone);
    const blank = index < columns.length - 1 ? ' ' : '';
    return [span(`${cell(text, column.width, column.align)}${blank}`, own)];
  });
}
