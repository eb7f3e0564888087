import type { Finding } from '../../source/store/finding.js';
import { foldedTitle, type Placed } from '../../source/store/finding-rows.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, span } from '../panel.js';

/** A finding in a row of its own, or below the row of its mode. */
type Row = Placed & Pick<Finding, 'severity' | 'target'>;

/** Findings that stand in one row, as `foldByMode` gives them. */
type Group = readonly Row[];

/** What a row says: the title of one finding, or the mode of many with what they share and where they are. */
export function rowText(group: Group): string {
  const [first] = group;
  return first && group.length > 1 ? `${first.id}  ${foldedTitle(group)}` : (first?.title ?? '');
}

/** "✖ Also: dns-failure  Names fail … in 5 containers: a, b, c and 2 more"; opened, a line for each of many. */
export function alsoLines(group: Group, opened: boolean): readonly Line[] {
  const [first] = group;
  if (!first) return [];
  const head = span(`${SYMBOL[first.severity]} Also: ${rowText(group)}`, first.severity);
  if (group.length === 1) return [[head, span(`  ${first.target}`)]];
  return opened ? [[head], ...singleLines(group)] : [[head]];
}

/** The single rows of a folded one, below it. */
export function singleLines(group: Group): readonly Line[] {
  return group.map(
    ({ severity, title, target }): Line => [
      span(`  ${SYMBOL[severity]} ${title}`, severity),
      span(`  ${target}`),
    ],
  );
}
