import type { Finding } from '../../source/store/finding.js';
import { type Group, type Placed, titleOf } from '../../source/store/finding-rows.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, span } from '../panel.js';

/** Findings that stand in one row, as `foldByMode` gives them. */
type Row = Group<Placed & Pick<Finding, 'severity' | 'target'>>;

/** What a row says: the title of one finding, or the mode of many with what they share and where they are. */
export function rowText(group: Group<Placed>): string {
  return group.length > 1 ? `${group[0].id}  ${titleOf(group)}` : titleOf(group);
}

/** "✖ Also: dns-failure  Names fail … in 5 containers: a, b, c and 2 more"; opened, a line for each of many. */
export function alsoLines(group: Row, opened: boolean): readonly Line[] {
  const [first] = group;
  const head = span(`${SYMBOL[first.severity]} Also: ${rowText(group)}`, first.severity);
  if (group.length === 1) return [[head, span(`  ${first.target}`)]];
  return opened ? [[head], ...singleLines(group)] : [[head]];
}

/** The single rows of a folded one, below it. */
export function singleLines(group: Row): readonly Line[] {
  return group.map(
    ({ severity, title, target }): Line => [
      span(`  ${SYMBOL[severity]} ${title}`, severity),
      span(`  ${target}`),
    ],
  );
}
