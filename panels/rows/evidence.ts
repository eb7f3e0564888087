import type { Evidence, Finding } from '../../source/store/finding.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, span } from '../panel.js';
import { type Column, columnsThatFit, row, tableHead } from '../widgets/table.js';

/** Columns of the verdict at the start of a row. */
const LEAD = 13;

/** Signal, figure and threshold take what they need at most; where the threshold comes from takes the rest. */
function columnsFor(width: number): readonly Column[] {
  const wide = width >= 110;
  const columns = [
    { title: 'EVIDENCE', width: wide ? 26 : 18 },
    { title: 'MEASURED', width: wide ? 22 : 14 },
    { title: 'AGAINST', width: wide ? 22 : 14 },
  ];
  const rest = width - LEAD - columns.reduce((sum, column) => sum + column.width + 1, 0);
  return columnsThatFit([...columns, { title: 'THRESHOLD FROM', width: Math.max(12, rest) }], width, LEAD);
}

const MARK = {
  supports: { symbol: SYMBOL.passed, word: 'for', tone: 'strong' },
  refutes: { symbol: SYMBOL.critical, word: 'against', tone: 'warning' },
  missing: { symbol: SYMBOL.unknown, word: 'unread', tone: 'unknown' },
} as const;

/** The evidence of each cause: what was measured, with what it was compared, and where the threshold comes from. */
export function evidenceLines(causes: readonly Finding[], width: number): readonly Line[] {
  const columns = columnsFor(width);
  return causes.flatMap((cause) => [
    [],
    [span(cause.title, 'title'), span(`  confidence ${cause.confidence.toFixed(2)}`, 'muted')],
    tableHead(columns, ' '.repeat(LEAD)),
    ...cause.evidence.map((item) => evidenceLine(item, columns)),
  ]);
}

function evidenceLine(item: Evidence, columns: readonly Column[]): Line {
  const mark = MARK[item.verdict];
  return [
    span(`  ${mark.symbol} ${mark.word.padEnd(8)} `, mark.tone),
    ...row(columns, [item.signal, item.value, item.threshold, item.source]),
  ];
}
