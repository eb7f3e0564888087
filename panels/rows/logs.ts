import type { FaultlineState, LogLine } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { clock, count } from '../format.js';
import { type Content, type Line, lines, span, type View } from '../panel.js';
import { cell } from '../widgets/fit.js';
import { matching } from './filter.js';

/** Log lines of all services, oldest first, standing at the newest; lines with a known failure text are marked. */
export function logsContent(state: FaultlineState, view: View): Content {
  const shown = matching(state.logs, view.filter, (line) => `${line.service} ${line.text}`);
  const matched = state.logs.reduce((sum, line) => sum + (line.matched ? 1 : 0), 0);
  if (state.logs.length === 0) return lines([[span('No service has logged anything yet.', 'muted')]]);
  return {
    right: `${count(shown.length)} lines · ${SYMBOL.warning} ${count(matched)} with a known failure`,
    count: shown.length,
    from: 'end',
    line: (index) => {
      const line = shown[index];
      return line ? logLine(line, view) : [];
    },
  };
}

function logLine(line: LogLine, view: View): Line {
  const name = Math.max(8, Math.min(16, Math.floor(view.width * 0.15)));
  const time = view.width >= 60 ? `${clock(line.at)} ` : '';
  return [
    span(time, 'muted'),
    span(`${cell(line.service, name)} `, 'strong'),
    line.matched ? span(`${SYMBOL.warning} `, 'warning') : span('  '),
    span(line.text, line.matched ? 'warning' : undefined),
  ];
}
