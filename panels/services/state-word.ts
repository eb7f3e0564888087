import type { ServiceSample } from '../../source/probes/samples.js';
import { judgeWorkload } from '../../source/store/signs/workload.js';
import type { FaultlineState } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Span, span } from '../panel.js';
import { LEVEL_SYMBOL, LEVEL_TONE } from '../widgets/levels.js';

/** How a service stands, as symbol and word; what was last seen of it where its source no longer answers. */
export function stateSpan(service: ServiceSample, state: FaultlineState): Span {
  const { level, word } = judgeWorkload(service, state.latest.http);
  if (state.latest.services?.stale) return span(`${SYMBOL.stale} was ${word}`, 'unknown');
  return span(`${LEVEL_SYMBOL[level]} ${word}`, LEVEL_TONE[level]);
}
