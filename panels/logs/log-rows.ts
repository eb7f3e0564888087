import type { LogLine } from '../../source/store/state.js';
import { clock, count } from '../../source/terminal/format.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, type Span, span, type View } from '../panel.js';
import { cell, chunks } from '../widgets/fit.js';

/** One row of the panel: a line, or the next part of one that is longer than the panel is wide. */
export interface LogRow {
  readonly line: LogLine;
  /** Its place among the lines of the picture. */
  readonly index: number;
  readonly text: string;
  /** It carries time, name and marks. */
  readonly first: boolean;
}

/** Least columns of text: a panel narrower than its lead and this shows what it can. */
const LEAST_TEXT = 16;
const STREAM = 4;
const MARK = 2;

/** Whether a line contains what is searched for, in its text or in the name of its service. */
export function matches({ service, text }: LogLine, search: string): boolean {
  return search !== '' && `${service} ${text}`.toLowerCase().includes(search.toLowerCase());
}

/** The rows of lines, oldest first: opened alone long ones go on in the next row, else they are cut. */
export function logRows(lines: readonly LogLine[], view: View): readonly LogRow[] {
  const room = Math.max(LEAST_TEXT, view.width - leadColumns(view));
  return lines.flatMap((line, index): LogRow | LogRow[] => {
    if (view.logs?.only && view.filter !== '' && !matches(line, view.filter)) return [];
    const text = `${prefix(line)}${line.text}`;
    if (!view.alone || text.length <= room / 2) return { line, index, text, first: true };
    return chunks(text, room).map((part, row) => ({ line, index, text: part, first: row === 0 }));
  });
}

/** How often it was said, and what could not be taken before it. */
function prefix({ times, skipped }: LogLine): string {
  const lost = skipped ? `(${count(skipped)} lines came too fast to be shown) ` : '';
  return times ? `${lost}×${count(times)} ` : lost;
}

const nameColumns = (view: View) => Math.max(8, Math.min(16, Math.floor(view.width * 0.15)));
const timeText = (at: number, view: View): string => {
  if (view.width < 60) return '';
  return view.alone ? `${clock(at)}.${String(Math.floor(at) % 1_000).padStart(3, '0')} ` : `${clock(at)} `;
};
const leadColumns = (view: View) => timeText(0, view).length + nameColumns(view) + 1 + STREAM + MARK;

/** A row drawn: time, service, `err` where it was written to stderr, a mark, the text with what is searched for. */
export function logLine({ line, index, text, first }: LogRow, view: View): Line {
  const tone = line.matched ? 'notice' : undefined;
  const shown = highlighted(text, view.filter, tone);
  if (!first) return [span(' '.repeat(leadColumns(view))), ...shown];
  const found = view.logs?.match === index;
  return [
    span(timeText(line.at, view), 'muted'),
    span(`${cell(line.service, nameColumns(view))} `, 'strong'),
    line.stream === 'stderr' ? span('err ', 'notice') : span('    '),
    found
      ? span(`${SYMBOL.cursor} `, 'key')
      : line.matched
        ? span(`${SYMBOL.notice} `, 'notice')
        : span('  '),
    ...shown,
  ];
}

function highlighted(text: string, search: string, tone: Span['tone']): Span[] {
  const wanted = search.toLowerCase();
  const lower = text.toLowerCase();
  // A letter that is two in lower case would put every place after it off by one.
  if (wanted === '' || lower.length !== text.length) return [span(text, tone)];
  const out: Span[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) out.push(span(text.slice(from, at), tone));
    out.push(span(text.slice(at, at + wanted.length), 'badge'));
    from = at + wanted.length;
  }
  if (from < text.length || out.length === 0) out.push(span(text.slice(from), tone));
  return out;
}
