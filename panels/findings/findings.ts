import type { Finding } from '../../source/store/finding.js';
import { foldByMode, type Group, sureText } from '../../source/store/finding-rows.js';
import type { FaultlineState } from '../../source/store/state.js';
import { clock, elapsed, listed, plural, stopwatch } from '../../source/terminal/format.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { causesOf, standing } from '../health.js';
import { type Content, type Line, lines, span, type View } from '../panel.js';
import { wrap } from '../widgets/fit.js';
import { causeLines, fitLines, type Weighted } from './cause-lines.js';
import { evidenceLines } from './evidence.js';
import { reviewLines } from './review.js';
import { alsoLines, rowText, singleLines } from './rows.js';

/** The finding: what, where, since when, why, what it is not, what to press. When all is well it says so and for how long. */
export function findingContent(state: FaultlineState, view: View): Content {
  const causes = causesOf(state);
  const top = causes[0];
  const weighted = top ? sickLines(state, view) : calmLines(state, view);
  const right = top ? `${top.state === 'resolving' ? 'recovering · ' : ''}${sureText(top)}` : '';
  const titled = right ? { right } : {};
  if (view.alone || (view.cursor ?? 0) > 0) {
    const all = weighted.map((item) => item.line);
    const detail = [...evidenceLines(causes, view.width), ...reviewLines(state, causes, view.width)];
    return lines(top ? [...all, ...detail] : all, titled);
  }
  const shown = fitLines(weighted, view.height);
  const words = (line: Line) => line.length > 0;
  const all = weighted.map((item) => item.line);
  const cutOff = all.filter(words).length > shown.filter(words).length;
  return lines(shown, cutOff ? { right: right ? `${right} · enter for more` : 'enter for more' } : titled);
}

/** The first cause in full, what it explains, the other causes, and what is suspected; many of one mode in one row. */
function sickLines(state: FaultlineState, view: View): readonly Weighted[] {
  const [first, ...others] = foldByMode(causesOf(state));
  if (!first) return [];
  const keys = new Set(first.map(({ key }) => key));
  const explained = state.findings.filter(({ explainedBy }) => explainedBy !== null && keys.has(explainedBy));
  const pending = state.findings.filter(
    (finding) => finding.state === 'pending' && finding.explainedBy === null,
  );
  return [
    ...(first.length > 1 ? manyLines(first, view) : []),
    ...causeLines(first[0], state, view),
    ...(explained.length > 0 ? [{ line: explainedLine(explained), weight: 35 }] : []),
    ...others.flatMap((group) => alsoLines(group, view.alone)).map((line) => ({ line, weight: 60 })),
    ...pendingLines(pending).map((line) => ({ line, weight: 20 })),
    ...alertLines(state, 25),
  ];
}

/** The row of many findings of one mode, above the first of them; opened, a row for each. */
function manyLines(group: Group<Finding>, view: View): readonly Weighted[] {
  const tone = group[0].severity;
  const title = wrap(`${SYMBOL[tone]} ${rowText(group)}`, view.width);
  return [
    ...title.map((text): Weighted => ({ line: [span(text, tone)], weight: 101 })),
    ...(view.alone ? singleLines(group).map((line): Weighted => ({ line, weight: 59 })) : []),
    { line: [span('  The first of them:', 'muted')], weight: 32 },
  ];
}

function calmLines(state: FaultlineState, view: View): readonly Weighted[] {
  const now = standing(state);
  const pending = state.findings.filter((finding) => finding.state === 'pending');
  const looking = pendingLines(pending).map((line): Weighted => ({ line, weight: 70 }));
  const wrapped = (text: string, weight: number): Weighted[] =>
    wrap(text, view.width - 2).map((part) => ({ line: [span(`  ${part}`)], weight }));
  if (now.kind === 'waiting')
    return [
      { line: [span(`${SYMBOL.pending} The first readings are coming in`, 'strong')], weight: 100 },
      ...looking,
    ];
  if (now.kind === 'unnamed') {
    const since = now.since === null ? '' : `, since ${clock(now.since)}`;
    return [
      {
        line: [span(`${SYMBOL.warning} Something is wrong${since}; no name for it yet`, 'warning')],
        weight: 100,
      },
      ...(now.symptoms.length > 0 ? wrapped(`Sick: ${listed(now.symptoms)}.`, 80) : []),
      ...looking,
    ];
  }
  const since = now.kind === 'well' ? now.since : state.now;
  const unread = now.kind === 'well' ? now.unread : [];
  return [
    {
      line: [
        span(`${SYMBOL.ok} ${unread.length > 0 ? 'All that could be read is well' : 'All is well'}`, 'ok'),
        span(` for ${stopwatch(state.now - since)}`),
      ],
      weight: 100,
    },
    { line: [span(`  since ${clock(since)}`)], weight: 60 },
    ...(now.kind === 'well' && now.settling.length > 0
      ? wrapped(`It is over; rows marked ${SYMBOL.pending} still count the last minute.`, 75)
      : []),
    ...(unread.length > 0
      ? wrapped(
          `${plural(unread.length, 'source')} could not be read: ${listed(unread)} (panel 7 says why).`,
          80,
        )
      : []),
    ...looking,
    ...alertLines(state, 72),
    ...lastOutageLines(state),
    ...riskLines(state, view),
    ...(state.session.mode === 'demo' && !state.session.readOnly
      ? [
          { line: [], weight: 1 },
          {
            line: [
              span('  Break it: '),
              span(' s ', 'key'),
              span('sends a traffic spike, '),
              span('i ', 'key'),
              span('another fault'),
            ],
            weight: 65,
          },
        ]
      : []),
  ];
}

/** What fires or is about to, in one line. */
function alertLines({ alertRules }: FaultlineState, weight: number): Weighted[] {
  const active = (['firing', 'pending'] as const).flatMap((its) =>
    alertRules.filter(({ state }) => state === its).map(({ name }) => `${name} ${its}`),
  );
  if (active.length === 0) return [];
  return [{ line: [span('  Alerts (e): ', 'muted'), span(active.join(', '))], weight }];
}

/** One dim line: they are no alarm. */
function riskLines({ risks }: FaultlineState, { risksHidden }: View): Weighted[] {
  if (risksHidden || risks.length === 0) return [];
  return [
    {
      line: [span(`  ${plural(risks.length, 'latent risk')}: l lists them, L hides them`, 'muted')],
      weight: 40,
    },
  ];
}

function lastOutageLines(state: FaultlineState): Weighted[] {
  const last = state.lastOutage;
  if (!last || last.symptomAt === null || last.verifiedAt === null) return [];
  const lasted = elapsed(last.verifiedAt - last.symptomAt);
  const how =
    last.fixedAt === null ? `over in ${lasted} by nothing that was done from here` : `MTTR ${lasted}`;
  const text = `  Last outage ${clock(last.symptomAt)} to ${clock(last.verifiedAt)}, ${how}`;
  return [{ line: [span(text)], weight: 78 }];
}

function explainedLine(explained: readonly Finding[]): Line {
  const names = foldByMode(explained).map(rowText).join('; ');
  return [span(`  Explains ${plural(explained.length, 'other finding')}: `, 'muted'), span(names)];
}

function pendingLines(pending: readonly Finding[]): readonly Line[] {
  return foldByMode(pending).map((group) => [
    span(`${SYMBOL.pending} Suspected: `, 'notice'),
    span(group.length > 1 ? rowText(group) : `${rowText(group)}  (${group[0].target})`),
  ]);
}
