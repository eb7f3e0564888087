import { foldByMode } from '../../source/store/finding-rows.js';
import type { FaultlineState } from '../../source/store/state.js';
import { bytes, clock, percent, plural, stopwatch } from '../../source/terminal/format.js';
import { width } from '../../source/terminal/sanitise.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { standing } from '../health.js';
import { type Line, type Span, span } from '../panel.js';
import type { UiState } from '../ui/state.js';
import { plain } from '../widgets/fit.js';

/**
 * What is watched, whether anything is wrong and for how long, the time, and what watching costs. Always of the live
 * state: a frozen picture must not hide that something has happened since. Where room is short, the cost goes first.
 */
export function headerLine(live: FaultlineState, ui: UiState, columns: number): Line {
  const { session, cost } = live;
  const name: Span[] = [span(' FAULTLINE', 'title')];
  const subject = span(`  ${session.mode} · ${session.subject}`);
  const badges: Span[] = [
    ...(session.readOnly ? [span('  '), span(' READ-ONLY ', 'badge')] : []),
    ...(ui.frozen ? [span('  '), span(` FROZEN at ${clock(ui.frozen.now)} `, 'badge')] : []),
  ];
  const faults: Span[] =
    live.faults.length > 0
      ? [span(`  ${SYMBOL.warning} ${plural(live.faults.length, 'fault')}`, 'warning')]
      : [];
  const verdict = verdictSpans(live);
  const time = span(`  ${clock(live.now)}`);
  const price = span(`  cost ${percent(cost.cpuPercent)} · ${bytes(cost.bytesPerSecond)}/s`, 'muted');
  const help = [span('  ? ', 'key'), span('help ')];
  const candidates: readonly (readonly [Span[], Span[], Span[]])[] = [
    [[...name, subject, ...badges, ...faults], verdict, [time, price, ...help]],
    [[...name, subject, ...badges, ...faults], verdict, [time, ...help]],
    [[...name, ...badges, ...faults], verdict, [time, span(' ')]],
    [[...name, ...badges], verdict, [span(' ')]],
    [[span(' '), ...badges], verdict, [span(' ')]],
  ];
  const size = (parts: readonly Span[]) => width(plain(parts));
  for (const [left, middle, right] of candidates) {
    const used = size(left) + size(middle) + size(right) + 4;
    if (used > columns) continue;
    const gap = columns - used + 4;
    const before = Math.max(2, Math.min(gap - 2, Math.floor((columns - size(middle)) / 2) - size(left)));
    return [
      ...left,
      span(' '.repeat(before)),
      ...middle,
      span(' '.repeat(Math.max(0, gap - before))),
      ...right,
    ];
  }
  return [span(' '), ...badges.slice(1), span(' '), ...verdict];
}

function verdictSpans(state: FaultlineState): Span[] {
  const now = standing(state);
  if (now.kind === 'waiting') return [span(`${SYMBOL.pending} first readings`)];
  if (now.kind === 'well') {
    const time = span(` ${stopwatch(state.now - now.since)}`);
    if (now.unread.length === 0) return [span(`${SYMBOL.ok} all well`, 'ok'), time];
    const unread = span(` · ${plural(now.unread.length, 'source')} unread`, 'unknown');
    return [span(`${SYMBOL.ok} well as far as read`, 'ok'), time, unread];
  }
  if (now.kind === 'unnamed') {
    const time = now.since === null ? '' : ` ${stopwatch(state.now - now.since)}`;
    return [span(`${SYMBOL.warning} not named yet`, 'warning'), span(time)];
  }
  if (now.causes.every((cause) => cause.state === 'resolving'))
    return [
      span(`${SYMBOL.pending} recovering`, 'notice'),
      span(` ${stopwatch(state.now - now.since)}`, 'strong'),
    ];
  const severity = now.causes[0]?.severity ?? 'notice';
  const word = now.outage ? 'outage ' : '';
  return [
    span(`${SYMBOL[severity]} ${plural(foldByMode(now.causes).length, 'cause')}`, severity),
    span(` · ${word}${stopwatch(state.now - now.since)}`, 'strong'),
  ];
}
