import { foldByMode, type Group, titleOf } from '../source/store/finding-rows.js';
import type { Risk } from '../source/store/risk.js';
import type { FaultlineState } from '../source/store/state.js';
import { SYMBOL } from '../source/terminal/symbols.js';
import { type Content, type Line, lines, span, type View } from './panel.js';
import { wrap } from './widgets/fit.js';
import { matching } from './widgets/matching.js';

/** Latent risks, many of one kind in one row; opened alone, each with its figures and the line that mends it. */
export function risksContent({ risks }: FaultlineState, view: View): Content {
  if (view.risksHidden) return lines([[span('Latent risks are hidden: L shows them again.', 'muted')]]);
  const shown = matching(risks, view.filter, ({ id, title }) => `${id} ${title}`);
  if (shown.length === 0)
    return lines([
      [span(risks.length > 0 ? 'None of them contains that.' : 'None is seen so far.', 'muted')],
    ]);
  const all = foldByMode(shown).flatMap((group) => rowsOf(group, view));
  return lines(all, { right: `${shown.length}, no alarm` });
}

function rowsOf(group: Group<Risk>, { width, alone }: View): readonly Line[] {
  const [first, ...rest] = group;
  const title = `${SYMBOL.bullet} ${titleOf(group)}`;
  if (!alone) return [[span(title)]];
  const text = (indent: string, words: string, tone?: 'muted'): Line[] =>
    wrap(words, width - indent.length).map((part) => [span(`${indent}${part}`, tone)]);
  return [
    ...wrap(title, width).map((part): Line => [span(part, 'strong')]),
    ...(rest.length > 0
      ? text('  ', `${group.map(({ subject }) => subject.id).join(', ')}; the first of them:`, 'muted')
      : []),
    ...first.evidence.flatMap((row) => [
      ...text('  ', row.value),
      ...text('    ', `against ${row.threshold}: ${row.source}`, 'muted'),
    ]),
    ...first.fix.flatMap((fix) => [
      ...text('  ', `mend: ${fix.text}`),
      ...(fix.command === undefined ? [] : text('  ', `$ ${fix.command}`)),
    ]),
    [],
  ];
}
