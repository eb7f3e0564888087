import type { FaultlineState, ProbeHealth } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Line, span } from '../panel.js';
import { wrap } from './fit.js';

/** What a panel shows when its source gave nothing: why, and the command that would grant it. */
export function unreadLines(
  state: FaultlineState,
  isSource: (health: ProbeHealth) => boolean,
  width: number,
): readonly Line[] {
  const probes = Object.values(state.probes).filter(isSource);
  if (probes.length === 0) return [[span(`${SYMBOL.off} Not watched here.`, 'muted')]];
  return probes.flatMap((health) => {
    if (health.reason === null) return [[span(`${SYMBOL.pending} First reading of ${health.reads} …`)]];
    const text = wrap(`${SYMBOL.unknown} ${health.title}: ${health.reason}`, width).map((part) => [
      span(part, 'unknown'),
    ]);
    const mend = health.mend ? wrap(`Needs: ${health.mend}`, width).map((part) => [span(part)]) : [];
    return [...text, ...mend];
  });
}
