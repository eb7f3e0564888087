import { type OutagePart, outageParts, partMs } from '../source/store/outage-parts.js';
import type { ActionProgress, FaultlineState, Outage, VerifyCheck } from '../source/store/state.js';
import { clock, duration, elapsed, roughly, stopwatch } from '../source/terminal/format.js';
import { SYMBOL } from '../source/terminal/symbols.js';
import { type Content, type Line, lines, type Span, span, type View } from './panel.js';
import { cell } from './widgets/fit.js';

const MARK = {
  waiting: { symbol: SYMBOL.off, word: 'waiting', tone: 'muted' },
  running: { symbol: SYMBOL.pending, word: 'running', tone: 'notice' },
  passed: { symbol: SYMBOL.passed, word: 'passed', tone: 'ok' },
  failed: { symbol: SYMBOL.critical, word: 'failed', tone: 'critical' },
} as const;

/** How the last action ended, the recovery checks, the minutes it took, faults that are still in place. */
export function recoveryContent(state: FaultlineState, view: View): Content {
  const checks = state.verification;
  const failed = checks.filter((check) => check.state === 'failed').length;
  const passed = checks.filter((check) => check.state === 'passed').length;
  const showRows = state.action && state.action.rows.length > 0 && state.action.name !== 'verify';
  const outage = state.outage ?? state.lastOutage;
  const all: Line[] = [
    ...state.faults.map(
      (fault): Line => [
        span(`${SYMBOL.warning} in place for ${roughly(state.now - fault.since)}: `, 'warning'),
        span(fault.text),
      ],
    ),
    ...(outage ? outageLines(outage, state.now, view) : []),
    ...checks.map((check) => checkLine(check, view)),
    ...(showRows ? actionLines(state.action as ActionProgress, view) : []),
  ];
  if (all.length === 0) all.push(...emptyLines(state));
  const right =
    checks.length > 0 ? (failed > 0 ? `${failed} failed` : `${passed} of ${checks.length} passed`) : '';
  return lines(all, { right });
}

function emptyLines(state: FaultlineState): Line[] {
  const first: Line = [
    span('No outage since ', 'muted'),
    span(clock(state.session.startedAt)),
    span('.', 'muted'),
  ];
  return state.session.mode === 'demo' && !state.session.readOnly
    ? [first, [span('v', 'key'), span(' replays the recovery checks.', 'muted')]]
    : [first];
}

/** The outage in its parts: to symptom, to name, to fix, to verified. A part still open counts up. */
function outageLines(outage: Outage, now: number, view: View): Line[] {
  const over = outage.verifiedAt !== null;
  const parts = outageParts(outage).map((part): readonly Span[] => [
    span(`${titleOf(part)} `, 'muted'),
    span(partText(part, now, over), part.to === null ? undefined : 'strong'),
  ]);
  const total: Line =
    over && outage.symptomAt !== null
      ? [
          span(`${SYMBOL.passed} Recovered  `, 'ok'),
          span('MTTR ', 'muted'),
          span(elapsed((outage.verifiedAt as number) - outage.symptomAt), 'strong'),
          span(`  from ${clock(outage.symptomAt)} to ${clock(outage.verifiedAt as number)}`, 'muted'),
        ]
      : outage.symptomAt === null
        ? [
            span(
              `${SYMBOL.pending} Triggered at ${clock(outage.triggeredAt ?? now)}; no symptom yet`,
              'notice',
            ),
          ]
        : [span(`${SYMBOL.critical} Outage `, 'critical'), span(stopwatch(now - outage.symptomAt), 'strong')];
  const joined = parts.flatMap((part, index) => (index === 0 ? part : [span(' · ', 'muted'), ...part]));
  if (view.width >= 66) return [total, [span('  '), ...joined]];
  return [
    total,
    [span('  '), ...parts.slice(0, 2).flatMap(spaced)],
    [span('  '), ...parts.slice(2).flatMap(spaced)],
  ];
}

const spaced = (part: readonly Span[], index: number): readonly Span[] =>
  index === 0 ? part : [span(' · ', 'muted'), ...part];

/** Nobody here pulled a trigger: then it is known when it was felt first, and not how long that took. */
const titleOf = ({ title, from, to }: OutagePart): string =>
  from === null && to !== null ? `${title.replace(/^to /, '')} at` : title;

function partText(part: OutagePart, now: number, over: boolean): string {
  const took = partMs(part);
  if (took !== null) return duration(took);
  if (part.to !== null) return clock(part.to);
  return part.from === null || over ? '–' : `${stopwatch(now - part.from)} …`;
}

function checkLine(check: VerifyCheck, view: View): Line {
  const mark = MARK[check.state];
  const name = Math.max(18, Math.min(34, Math.floor(view.width * 0.4)));
  return [
    span(`${mark.symbol} `, mark.tone),
    span(cell(check.name, name)),
    span(` ${cell(mark.word, 8)}`, mark.tone),
    span(cell(check.ms === null ? '' : duration(check.ms), 8, 'right')),
    span(`  ${check.detail}`, check.state === 'failed' ? 'strong' : 'muted'),
  ];
}

function actionLines(action: ActionProgress, view: View): Line[] {
  const name = Math.max(12, Math.min(40, Math.floor(view.width * 0.5)));
  const title: Line = [span(action.title, 'title'), span(action.text ? `  ${action.text}` : '', 'muted')];
  return [
    title,
    ...action.rows.map((row): Line => {
      const mark = row.ok === null ? undefined : row.ok ? MARK.passed : MARK.failed;
      return [
        mark ? span(`${mark.symbol} `, mark.tone) : span(`${SYMBOL.bullet} `, 'muted'),
        span(`${cell(row.label, name)} `),
        span(row.value, mark && row.ok === false ? mark.tone : 'strong'),
      ];
    }),
  ];
}
