import type { ConnectOutcome, MatrixCell } from '../../source/probes/samples.js';
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

/** From here on (ms) a connection was made by a SYN that was sent again: the first wait is 1 s (RFC 6298). */
const SENT_AGAIN_MS = 900;

/** A failure is worse where the source is known to need the target than where both merely share a network. */
export function levelOfCell({ outcome, ms, because }: MatrixCell): Level {
  if (outcome === 'unmeasured') return 'unknown';
  if (outcome === 'connected') return (ms ?? 0) >= SENT_AGAIN_MS ? 'warning' : 'ok';
  return because === 'shared-network' ? 'warning' : 'critical';
}

/** Symbol and word, or symbol and time. */
export function outcomeSpan(cell: MatrixCell): Span {
  const level = levelOfCell(cell);
  const word = cell.outcome === 'connected' && cell.ms !== null ? duration(cell.ms) : WORD[cell.outcome];
  return span(`${LEVEL_SYMBOL[level]} ${word}`, LEVEL_TONE[level]);
}

const RANK: Readonly<Record<Level, number>> = { critical: 0, warning: 1, notice: 2, unknown: 3, ok: 4 };

/** 0 for the worst. */
export const rankOfCell = (cell: MatrixCell): number => RANK[levelOfCell(cell)];
