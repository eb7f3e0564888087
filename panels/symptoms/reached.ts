import { levelOfCell } from '../../source/store/signs/connection.js';
import type { FaultlineState } from '../../source/store/state.js';
import { count } from '../../source/terminal/format.js';
import type { Verdict } from './gauge.js';

/** How many of the connections that were tried came about: "62/65". */
export function reachedText(_share: number, state: FaultlineState): string {
  const cells = state.latest.matrix?.sample.cells ?? [];
  const tried = cells.filter(({ outcome }) => outcome !== 'unmeasured');
  return `${count(tried.filter(({ outcome }) => outcome === 'connected').length)}/${count(tried.length)}`;
}

/** As the cells themselves are judged. */
export function judgeReached(_share: number, state: FaultlineState): Verdict {
  const levels = (state.latest.matrix?.sample.cells ?? []).map(levelOfCell);
  const critical = levels.filter((level) => level === 'critical').length;
  if (critical > 0) return { level: 'critical', word: `${count(critical)} not reached` };
  const warning = levels.filter((level) => level === 'warning').length;
  return warning > 0
    ? { level: 'warning', word: `${count(warning)} not reached` }
    : { level: 'ok', word: 'ok' };
}
