import type { Evidence, Finding } from '../../source/store/finding.js';
import { sureText } from '../../source/store/finding-rows.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, span } from '../panel.js';
import { cell, wrap } from '../widgets/fit.js';

const MARK = {
  supports: { symbol: SYMBOL.passed, word: 'for', tone: 'strong' },
  refutes: { symbol: SYMBOL.critical, word: 'against', tone: 'warning' },
  missing: { symbol: SYMBOL.unknown, word: 'unread', tone: 'unknown' },
} as const;

/** Columns of the verdict, and of the signal's name. */
const LEAD = 13;
const SIGNAL = { least: 16, most: 34 };

/** The evidence of each cause: what was measured, below it with what it was compared and where that comes from. */
export function evidenceLines(causes: readonly Finding[], width: number): readonly Line[] {
  const signal = Math.max(SIGNAL.least, Math.min(SIGNAL.most, Math.floor(width * 0.3)));
  return causes.flatMap((cause) => [
    [],
    [span('Evidence', 'title'), span(`  ${cause.title}, ${sureText(cause)}`, 'muted')],
    ...cause.evidence.flatMap((item) => itemLines(item, signal, width)),
  ]);
}

function itemLines(item: Evidence, signal: number, width: number): readonly Line[] {
  const mark = MARK[item.verdict];
  const room = Math.max(10, width - LEAD - signal - 2);
  const [first = '', ...more] = wrap(item.value, room);
  const indent = ' '.repeat(LEAD + signal + 2);
  return [
    [
      span(`  ${mark.symbol} ${mark.word.padEnd(LEAD - 5)} `, mark.tone),
      span(cell(item.signal, signal)),
      span(`  ${first}`, 'strong'),
    ],
    ...more.map((text): Line => [span(indent), span(text, 'strong')]),
    ...wrap(`against ${item.threshold} (${item.source})`, room).map(
      (text): Line => [span(indent), span(text, 'muted')],
    ),
  ];
}
