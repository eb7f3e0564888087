import { foldByMode } from '../../source/store/finding-rows.js';
import type { ActionProgress, FaultlineState, StoryStep } from '../../source/store/state.js';
import { percent, stopwatch } from '../../source/terminal/format.js';
import { sanitise, width } from '../../source/terminal/sanitise.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { rowText } from '../findings/rows.js';
import { causesOf } from '../health.js';
import { type Line, span } from '../panel.js';
import type { Notice, UiState } from '../ui/state.js';
import { progressBar } from '../widgets/bar.js';

/** How long a word on a key, and the end of an action, stay on the line (ms). */
const NOTICE_MS = 5_000;
const ENDED_MS = 10_000;

/**
 * The action that runs, the last word on a key, or how the last action ended; undefined when there is nothing to say.
 * How an action ended gives way to `weightier`, where the two share a line.
 */
export function statusLine(
  live: FaultlineState,
  ui: UiState,
  columns: number,
  weightier?: Line,
): Line | undefined {
  const { action, now } = live;
  if (ui.dialog?.kind === 'filter')
    return [
      span(' /', 'key'),
      span(ui.dialog.text),
      span(SYMBOL.bar, 'key'),
      span(ui.selected === 'logs' ? '  n older, N newer, f only these' : '  rows that contain this', 'muted'),
    ];
  const notice = ui.notice && now - ui.notice.at < NOTICE_MS ? ui.notice : null;
  if (action?.state === 'running' && !(notice && notice.at >= action.startedAt && notice.kind === 'refused'))
    return runningLine(action, now, columns);
  if (notice && !(action && action.startedAt > notice.at)) return noticeLine(notice);
  if (action && action.state !== 'running' && ui.actionEndedAt !== null && now - ui.actionEndedAt < ENDED_MS)
    return weightier ?? endedLine(action);
  return weightier;
}

function noticeLine({ kind, text }: Notice): Line {
  return kind === 'refused'
    ? [span(` ${SYMBOL.warning} ${text}`, 'warning')]
    : [span(` ${SYMBOL.action} ${text}`)];
}

function runningLine(action: ActionProgress, now: number, columns: number): Line {
  const bar = Math.max(8, Math.min(30, Math.floor(columns / 5)));
  const share = action.share === null ? '' : ` ${percent(Math.round(action.share * 100))}`;
  const progress = `${share}  ${stopwatch(now - action.startedAt)}  ${action.text}`;
  const rest = bar + width(sanitise(progress)) + 4;
  // How far it is matters more than the second half of its name.
  const whole = width(sanitise(action.title)) + rest <= columns;
  const title = whole ? action.title : (action.title.split(':')[0] ?? '');
  return [
    span(` ${SYMBOL.action} ${title} `, 'strong'),
    span(progressBar(action.share, bar), 'key'),
    span(progress),
  ];
}

function endedLine(action: ActionProgress): Line {
  const good = action.state === 'done';
  return [
    span(` ${good ? SYMBOL.passed : SYMBOL.critical} ${action.title}: `, good ? 'ok' : 'critical'),
    span(action.text),
  ];
}

/** The finding in one line, for a screen that shows one panel at a time; undefined when there is none. */
export function headline(live: FaultlineState, columns: number): Line | undefined {
  const [group] = foldByMode(causesOf(live));
  const top = group?.[0];
  if (!top) return undefined;
  const title = rowText(group);
  const going = top.state === 'resolving';
  const text = going ? `${SYMBOL.pending} Recovering: ${title}` : `${SYMBOL[top.severity]} ${title}`;
  const said = span(` ${text}`, going ? 'notice' : top.severity);
  const hint = [span('  2 ', 'key'), span('why')];
  return width(sanitise(said.text)) + 7 <= columns ? [said, ...hint] : [said];
}

/** The same in one line that it may share with nothing else: the step and what to look at. */
export function storyShort(story: StoryStep | null): Line {
  return story ? [span(` Step ${story.step} of ${story.of}  `, 'muted'), span(story.lookAt, 'strong')] : [];
}

/**
 * Where the demonstration stands, what to look at, and what customers see: in one line where it fits. Else the first
 * line is step and customers, and `rest` what to look at, for the line below it.
 */
export function storyLines(
  story: StoryStep | null,
  columns: number,
): { readonly first: Line; readonly rest?: Line } {
  if (!story) return { first: [] };
  const step = ` Step ${story.step} of ${story.of}  ${story.title}`;
  const whole = `${step}: ${story.lookAt}`;
  const customers = `Customers see: ${story.customersSee} `;
  const side = (left: string): Line => {
    const gap = columns - width(sanitise(left)) - width(sanitise(customers));
    return [span(left, 'strong'), span(' '.repeat(Math.max(2, gap))), span(customers, 'notice')];
  };
  if (width(sanitise(whole)) + width(sanitise(customers)) + 2 <= columns) return { first: side(whole) };
  return { first: side(step), rest: [span(` ${SYMBOL.arrow} ${story.lookAt}`)] };
}
