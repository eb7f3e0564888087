import type { FaultlineState } from '../../source/store/state.js';
import type { TimelineEntry, TimelineKind } from '../../source/store/timeline.js';
import { cut, sanitise, width } from '../../source/terminal/sanitise.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import type { Tone } from '../../source/terminal/theme.js';
import { clock, plural } from '../format.js';
import { type Content, type Line, span, type View } from '../panel.js';
import { matching } from './filter.js';

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

/** What happened, oldest first, standing at the newest. */
export function timelineContent(state: FaultlineState, view: View): Content {
  const shown = matching(state.timeline, view.filter, (entry) => `${entry.text} ${entry.result ?? ''}`);
  return {
    right: plural(state.timeline.length, 'entry', 'entries'),
    count: shown.length,
    from: 'end',
    line: (index) => {
      const entry = shown[index];
      return entry ? entryLine(entry, view.width) : [];
    },
  };
}

/** Columns of time and symbol. */
const LEAD = 12;

/** What came of it is worth more than the whole sentence: where both do not fit the sentence is cut. */
function entryLine(entry: TimelineEntry, columns: number): Line {
  const result = entry.result ? `  ${SYMBOL.arrow} ${entry.result}` : '';
  const room = Math.max(20, columns - LEAD - width(sanitise(result)));
  const look = LOOK[entry.kind];
  return [
    span(`${clock(entry.at)}  `, 'muted'),
    span(`${look.symbol} `, look.tone),
    span(cut(sanitise(entry.text), room)),
    span(result, 'strong'),
  ];
}
