import type { FaultlineState } from '../source/store/state.js';
import type { TimelineEntry, TimelineKind } from '../source/store/timeline.js';
import { clock, plural } from '../source/terminal/format.js';
import { sanitise, width } from '../source/terminal/sanitise.js';
import { SYMBOL } from '../source/terminal/symbols.js';
import type { Tone } from '../source/terminal/theme.js';
import { type Content, type Line, lines, span, type View } from './panel.js';
import { matching } from './widgets/matching.js';

const LOOK: Readonly<Record<TimelineKind, { symbol: string; tone?: Tone }>> = {
  action: { symbol: SYMBOL.action, tone: 'key' },
  fault: { symbol: SYMBOL.warning, tone: 'warning' },
  undo: { symbol: SYMBOL.undo, tone: 'key' },
  symptom: { symbol: SYMBOL.critical, tone: 'critical' },
  named: { symbol: SYMBOL.notice, tone: 'critical' },
  cleared: { symbol: SYMBOL.off },
  recovered: { symbol: SYMBOL.passed, tone: 'ok' },
  engine: { symbol: SYMBOL.bullet, tone: 'muted' },
  note: { symbol: SYMBOL.bullet, tone: 'muted' },
};

interface Row {
  readonly entry: TimelineEntry;
  readonly part: 'both' | 'text' | 'result';
}

/** What happened, oldest first, standing at the newest. What came of it has a line of its own where it is long. */
export function timelineContent(state: FaultlineState, view: View): Content {
  // An entry is written when it is known: what an action did at its end, a recovery once it has lasted.
  const entries = [...state.timeline].sort((a, b) => a.at - b.at);
  const shown = matching(entries, view.filter, (entry) => `${entry.text} ${entry.result ?? ''}`);
  const rows = shown.flatMap((entry): readonly Row[] => {
    const apart = entry.result !== undefined && !fitsOneLine(entry, view.width);
    return apart
      ? [
          { entry, part: 'text' },
          { entry, part: 'result' },
        ]
      : [{ entry, part: 'both' }];
  });
  if (state.timeline.length === 0) return lines([[span('Nothing has happened yet.', 'muted')]]);
  return {
    right: plural(state.timeline.length, 'entry', 'entries'),
    count: rows.length,
    from: 'end',
    line: (index) => {
      const row = rows[index];
      return row ? entryLine(row.entry, row.part) : [];
    },
  };
}

/** Columns of time and symbol, and of the arrow before what came of it. */
const LEAD = 12;
const ARROW = 4;

function fitsOneLine(entry: TimelineEntry, columns: number): boolean {
  const text = width(sanitise(entry.text)) + width(sanitise(entry.result ?? ''));
  return LEAD + ARROW + text <= columns;
}

function entryLine(entry: TimelineEntry, part: Row['part']): Line {
  const look = LOOK[entry.kind];
  const result = span(`${SYMBOL.arrow} ${entry.result ?? ''}`, 'strong');
  if (part === 'result') return [span(' '.repeat(LEAD)), result];
  const head: Line = [
    span(`${clock(entry.at)}  `, 'muted'),
    span(`${look.symbol} `, look.tone),
    span(entry.text),
  ];
  return part === 'both' && entry.result !== undefined ? [...head, span('  '), result] : head;
}
