import type { Finding, Fix } from '../../source/store/finding.js';
import type { FaultlineState } from '../../source/store/state.js';
import { clock, stopwatch } from '../../source/terminal/format.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, type Span, span, type View } from '../panel.js';
import { keyOf } from '../ui/keys.js';
import { cell, wrap } from '../widgets/fit.js';

/** A line and how much it matters: where room is short the lightest go first. Weight 1 is a gap. */
export interface Weighted {
  readonly line: Line;
  readonly weight: number;
}

/** The lines that fit into `room`, in their order: the lightest left out first, the later one of two equals. */
export function fitLines(all: readonly Weighted[], room: number): readonly Line[] {
  const kept = all.map((item, index) => ({ ...item, index }));
  while (kept.length > room) {
    let lightest = 0;
    for (let i = 1; i < kept.length; i++)
      if ((kept[i] as Weighted).weight <= (kept[lightest] as Weighted).weight) lightest = i;
    kept.splice(lightest, 1);
  }
  return kept.map((item) => item.line);
}

/** Columns for the names of what a finding is not. */
const NAMES = { least: 12, narrow: 18, most: 24 };

/** The cause in a person's order: sentence, place and time, why, what it is not, what to press. */
export function causeLines(finding: Finding, state: FaultlineState, view: View): readonly Weighted[] {
  const going = finding.state === 'resolving';
  const title = wrap(going ? `Recovering: ${finding.title}` : finding.title, view.width - 2);
  const time = `since ${clock(finding.since)}`;
  const since = view.width < 70 ? time : `${time} · ${stopwatch(state.now - finding.since)}`;
  const tone = going ? 'notice' : finding.severity;
  const symbol = going ? SYMBOL.pending : SYMBOL[finding.severity];
  const nameRoom = Math.min(
    view.width < 90 ? NAMES.narrow : NAMES.most,
    Math.max(NAMES.least, ...finding.ruledOut.map((other) => other.title.length)),
  );
  // What goes away needs nothing done now.
  const fixes = finding.fix
    .filter((fix) => !going || fix.when === 'later')
    .sort((a, b) => Number(a.when === 'later') - Number(b.when === 'later'));
  return [
    ...title.map(
      (text, index): Weighted => ({
        line: [span(index === 0 ? `${symbol} ${text}` : `  ${text}`, tone)],
        weight: 100,
      }),
    ),
    { line: placeLine(finding.target, since, view.width), weight: 90 },
    { line: [], weight: 1 },
    ...finding.explanation.flatMap((text, index): Weighted[] =>
      wrap(text, view.width - 2).map((part) => ({
        line: [span(`  ${part}`)],
        weight: index === 0 ? 70 : 40,
      })),
    ),
    { line: [], weight: 1 },
    ...finding.ruledOut.map(
      (other, index): Weighted => ({
        line: [span('  Not '), span(cell(other.title, nameRoom), 'strong'), span(`  ${other.because}`)],
        weight: index === 0 ? 80 : 45,
      }),
    ),
    { line: [], weight: 1 },
    ...fixes.flatMap((fix, index): Weighted[] => {
      const later = fix.when === 'later';
      const first = fixes[index - 1]?.when !== fix.when;
      // What is for later may be cut to its line; what ends the outage is read whole.
      const whole = later && !view.alone ? [fix.text] : wrap(fix.text, view.width - FIX_LEAD);
      const [text = '', ...rest] = whole;
      const weight = later ? (first ? 50 : 30) : 95 - index;
      return [
        { line: fixLine(fix, text, !first, keyOfFix(fix, state)), weight },
        ...rest.map(
          (more): Weighted => ({
            line: [span(' '.repeat(FIX_LEAD)), span(more)],
            weight: later ? 29 : 55,
          }),
        ),
      ];
    }),
  ];
}

/** Columns before the text of a fix: when, and its key. */
const FIX_LEAD = 11;

function placeLine(target: string, since: string, width: number): Line {
  const room = width - since.length - 4;
  return [span(`  ${cell(target, Math.max(8, room))}  `), span(since, 'muted')];
}

/** "Now    r  restart todo-app", or the command for where the console cannot do it. */
function fixLine(fix: Fix, text: string, again: boolean, key: string | undefined): Line {
  const when = again ? '' : fix.when === 'now' ? 'Now' : 'Later';
  const parts: Span[] = [span(`  ${cell(when, 6)} `, 'strong')];
  parts.push(key ? span(cell(key, 2), 'key') : span(`${SYMBOL.bullet} `, 'muted'));
  parts.push(span(text));
  if (!key && fix.command) parts.push(span(`  ${fix.command}`, 'strong'));
  return parts;
}

/** The key that does it here: an action's own, or that of the switches where this session has one of the remedy's name. */
function keyOfFix({ action, remedy }: Fix, { hardening }: FaultlineState): string | undefined {
  // Injecting is reached through its menu.
  if (action) return keyOf(action.name === 'inject' ? 'scenario-menu' : action.name);
  return hardening.some(({ id }) => id === remedy) ? keyOf('hardening-menu') : undefined;
}
