import { debug } from '../debug-log.js';
import { alertRules } from '../diagnosis/alerts/alerts.js';
import { review } from '../diagnosis/review/review.js';
import { latentRisks } from '../diagnosis/risks/latent-risks.js';
import type { Finding } from '../store/finding.js';
import type { History } from '../store/history.js';
import type { FaultlineState } from '../store/state.js';

/** What changes by the minute is looked for so seldom (ms). */
const SLOW_LOOK_MS = 5000;
/** Causes that are reviewed: what many have in common is in the first of them. */
const MOST_REVIEWED = 5;

type SlowLook = Pick<FaultlineState, 'risks' | 'alertRules' | 'reviews'>;

/** What is judged less often than each tick: nothing where it is not its time yet, and no finding is new. */
export function createSlowLook(): (history: History, findings: readonly Finding[]) => SlowLook | undefined {
  let lastAt = Number.NEGATIVE_INFINITY;
  let reviewed: ReadonlySet<string> = new Set();
  return (history, findings) => {
    const causes = findings.filter(isCause).slice(0, MOST_REVIEWED);
    const isNews = causes.some(({ key }) => !reviewed.has(key));
    if (Math.abs(history.now - lastAt) < SLOW_LOOK_MS && !isNews) return undefined;
    lastAt = history.now;
    reviewed = new Set(causes.map(({ key }) => key));
    const failed = (id: string, error: unknown): void => debug('rule', id, 'failed', String(error));
    return {
      risks: latentRisks(history, undefined, failed),
      alertRules: alertRules(history),
      reviews: Object.fromEntries(causes.map((one) => [one.key, review(history, one)])),
    };
  };
}

/** A trouble that somebody has, and that no other one explains. */
const isCause = ({ state, severity, explainedBy }: Finding): boolean =>
  state !== 'pending' && severity !== 'notice' && explainedBy === null;
