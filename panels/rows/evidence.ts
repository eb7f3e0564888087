import type { Evidence, Finding } from '../../source/store/finding.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, span } from '../panel.js';
import { type Column, columnsThatFit, row, tableHead } from '../widgets/table.js';

const COLUMNS: readonly Column[] = [
  { title: 'EVIDENCE', width: 26 },
  { title: 'MEASURED', width: 22 },
  { title: 'AGAINST', width: 22 },
  { title: 'THRESHOLD FROM', width: 60 },
];
const MARK = {
  supports: { symbol: SYMBOL.passed, word: 'for', tone: 'strong' },
  refutes: { symbol: SYMBOL.critical, word: 'against', tone: 'warning' },
  missing: { symbol: SYMBOL.unknown, word: 'unread', tone: 'unknown' },
} as const;

/** The evidence of each cause: what was measured, with what it was compared, and where the threshold comes from. */
export function evidenceLines(causes: readonly Finding[], width: number): readonly Line[] {
  const columns = columnsThatFit(COLUMNS, width, 13);
  return causes.flatMap((cause) => [
    [],
    [span(cause.title, 'title'), span(`  confidence ${cause.confidence.toFixed(2)}`, 'muted')],
    tableHead(columns, '             '),
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
