import { debug } from '../debug-log.js';
import { alertRules } from '../diagnosis/alerts/alerts.js';
import { latentRisks } from '../diagnosis/risks/latent-risks.js';
import type { History } from '../store/history.js';
import type { FaultlineState } from '../store/state.js';

/** What changes by the minute is looked for so seldom (ms). */
const SLOW_LOOK_MS = 5000;

type SlowLook = Pick<FaultlineState, 'risks' | 'alertRules'>;

/** What is judged less often than each tick: nothing where it is not its time yet. */
export function createSlowLook(): (history: History) => SlowLook | undefined {
  let lastAt = Number.NEGATIVE_INFINITY;
  return (history) => {
    if (Math.abs(history.now - lastAt) < SLOW_LOOK_MS) return undefined;
    lastAt = history.now;
    const failed = (id: string, error: unknown): void => debug('rule', id, 'failed', String(error));
    return { risks: latentRisks(history, undefined, failed), alertRules: alertRules(history) };
  };
}
