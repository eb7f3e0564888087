import type { Finding } from '../../source/store/finding.js';
import type { FaultlineState } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { clock, elapsed, plural, stopwatch } from '../format.js';
import { causesOf, standing } from '../health.js';
import { type Content, type Line, lines, span, type View } from '../panel.js';
import { wrap } from '../widgets/fit.js';
import { evidenceLines } from './evidence.js';
import { causeLines, fitLines, type Weighted } from './finding-lines.js';

/** The finding: what, where, since when, why, what it is not, what to press. When all is well it says so and for how long. */
export function findingContent(state: FaultlineState, view: View): Content {
  const causes = causesOf(state);
  const top = causes[0];
  const weighted = top ? sickLines(state, view, causes, top) : calmLines(state, view);
  const right = top
    ? `${top.state === 'resolving' ? 'resolving · ' : ''}confidence ${top.confidence.toFixed(2)}`
    : '';
  const titled = right ? { right } : {};
  if (view.alone || (view.cursor ?? 0) > 0) {
    const all = weighted.map((item) => item.line);
    return lines(top ? [...all, ...evidenceLines(causes, view.width)] : all, titled);
  }
  const shown = fitLines(weighted, view.height);
  const words = (line: Line) => line.length > 0;
  const all = weighted.map((item) => item.line);
  const cutOff = all.filter(words).length > shown.filter(words).length;
  return lines(shown, cutOff ? { right: right ? `${right} · enter for more` : 'enter for more' } : titled);
}

function sickLines(
  state: FaultlineState,
  view: View,
  causes: readonly Finding[],
  top: Finding,
): readonly Weighted[] {
  const out: Weighted[] = [...causeLines(top, state, view)];
  const explained = state.findings.filter((finding) => finding.explainedBy === top.key);
  if (explained.length > 0) out.push({ line: explainedLine(explained), weight: 35 });
  for (const other of causes.slice(1)) out.push({ line: otherLine(other), weight: 60 });
  const pending = state.findings.filter(
    (finding) => finding.state === 'pending' && finding.explainedBy === null,
  );
  for (const finding of pending) out.push({ line: pendingLine(finding), weight: 20 });
  return out;
}

function calmLines(state: FaultlineState, view: View): readonly Weighted[] {
  const now = standing(state);
  const pending = state.findings.filter((finding) => finding.state === 'pending');
  const looking = pending.map((finding): Weighted => ({ line: pendingLine(finding), weight: 70 }));
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
      ...(now.symptoms.length > 0 ? wrapped(`Sick: ${now.symptoms.join(', ')}.`, 80) : []),
      ...looking,
    ];
  }
  const since = now.kind === 'well' ? now.since : state.now;
  return [
    {
      line: [span(`${SYMBOL.ok} All is well`, 'ok'), span(` for ${stopwatch(state.now - since)}`)],
      weight: 100,
    },
    { line: [span(`  since ${clock(since)}, in everything that could be read`)], weight: 60 },
    ...(now.kind === 'well' && now.settling.length > 0
      ? wrapped(`It is over; rows marked ${SYMBOL.pending} still count the last minute.`, 75)
      : []),
    ...(now.kind === 'well' && now.unread.length > 0
      ? wrapped(`Not readable: ${now.unread.join(', ')} (probes say why).`, 80)
      : []),
    ...looking,
    ...lastOutageLines(state),
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

function lastOutageLines(state: FaultlineState): Weighted[] {
  const last = state.lastOutage;
  if (!last || last.symptomAt === null || last.verifiedAt === null) return [];
  const lasted = elapsed(last.verifiedAt - last.symptomAt);
  const how = last.fixedAt === null ? `healed by itself in ${lasted}` : `MTTR ${lasted}`;
  const text = `  Last outage ${clock(last.symptomAt)} to ${clock(last.verifiedAt)}, ${how}`;
  return [{ line: [span(text)], weight: 78 }];
}

function explainedLine(explained: readonly Finding[]): Line {
  const names = explained.map((finding) => finding.title).join('; ');
  return [span(`  Explains ${plural(explained.length, 'other finding')}: `, 'muted'), span(names)];
}

function otherLine(other: Finding): Line {
  const tone = other.severity;
  return [span(`${SYMBOL[tone]} Also: ${other.title}`, tone), span(`  ${other.target}`)];
}

function pendingLine(finding: Finding): Line {
  return [span(`${SYMBOL.pending} Looking into: `, 'notice'), span(`${finding.title}  (${finding.target})`)];
}
