import type { ConnectOutcome, MatrixCell } from '../../source/probes/samples.js';
import { levelOfCell } from '../../source/store/signs/connection.js';
import { duration } from '../../source/terminal/format.js';
import { type Span, span } from '../panel.js';
import { LEVEL_SYMBOL, LEVEL_TONE, type Level } from '../widgets/levels.js';

/** Each end in a word that fits a column. */
const WORD: Readonly<Record<ConnectOutcome, string>> = {
  connected: 'connected',
  refused: 'refused',
  timeout: 'timeout',
  unreachable: 'no host',
  'no-route': 'no route',
  permission: 'denied',
  reset: 'reset',
  'no-port': 'no port',
  unmeasured: 'not tried',
};

/** Symbol and word, or symbol and time. */
export function outcomeSpan(cell: MatrixCell): Span {
  const level = levelOfCell(cell);
  const word = cell.outcome === 'connected' && cell.ms !== null ? duration(cell.ms) : WORD[cell.outcome];
  return span(`${LEVEL_SYMBOL[level]} ${word}`, LEVEL_TONE[level]);
}

const RANK: Readonly<Record<Level, number>> = { critical: 0, warning: 1, notice: 2, unknown: 3, ok: 4 };

/** 0 for the worst. */
export const rankOfCell = (cell: MatrixCell): number => RANK[levelOfCell(cell)];
