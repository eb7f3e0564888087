import type { ServiceSample } from '../../source/probes/samples.js';
import type { FaultlineState } from '../../source/store/state.js';
import { count } from '../../source/terminal/format.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Content, type Line, lines, span, type View } from '../panel.js';
import { logLine, logRows, matches } from './log-rows.js';

/** Lines about output that cannot be read, on a host where many containers have such a log driver. */
const MOST_UNREADABLE = 5;

/**
 * Log lines of all services, oldest first, standing at the newest; lines with a known failure text and those that are
 * searched for are marked.
 */
export function logsContent(state: FaultlineState, view: View): Content {
  const unreadable = unreadableLines(state, view);
  if (state.logs.length === 0)
    return lines([...unreadable, [span('No service has logged anything yet.', 'muted')]]);
  const rows = logRows(state.logs, view);
  return {
    right: readingText(state, view),
    head: unreadable,
    count: rows.length,
    from: 'end',
    line: (index) => {
      const row = rows[index];
      return row ? logLine(row, view) : [];
    },
  };
}

/** Whose output cannot be read, and why: one line, several where the panel is open alone. */
function unreadableLines({ latest }: FaultlineState, view: View): Line[] {
  const found = (latest.services?.sample.services ?? []).filter(({ container }) => container?.outputTrouble);
  const text = ({ name, container }: ServiceSample) =>
    `${SYMBOL.unknown} ${name}: its output cannot be read: ${container?.outputTrouble}`;
  const more = found.length > 1 && !view.alone ? ` (and ${found.length - 1} more)` : '';
  return found
    .slice(0, view.alone ? MOST_UNREADABLE : 1)
    .map((service) => [span(`${text(service)}${more}`, 'unknown')]);
}

function readingText({ logs }: FaultlineState, view: View): string {
  const newer = view.logs?.newer ?? null;
  const standing = newer === null ? '' : `stands still, ${count(newer)} newer: G follows · `;
  if (view.filter !== '') {
    const found = logs.flatMap((line, index) => (matches(line, view.filter) ? index : []));
    const here = found.indexOf(view.logs?.match ?? -1);
    if (found.length === 0) return `${standing}nothing contains this`;
    return `${standing}${here < 0 ? '' : `${count(here + 1)} of `}${count(found.length)} found · n N`;
  }
  const matched = logs.reduce((sum, line) => sum + (line.matched ? 1 : 0), 0);
  return `${standing}${count(logs.length)} lines · ${SYMBOL.notice} ${count(matched)} with a known failure`;
}
