import type { ActionProgress } from '../../store/state.js';
import { duration } from '../../terminal/format.js';
import { outcomesText } from '../load/outcomes.js';

/** What one step of growing load gave. */
export interface StepResult {
  readonly kind: 'burst' | 'sustained';
  /** Requests at once. */
  readonly atOnce: number;
  readonly requests: number;
  readonly okCount: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly tookMs: number;
  /** Latency of answers, ms; null where it was not measured or nothing was answered. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly healed: boolean;
  /** Milliseconds of rest until it answered well again, or null. */
  readonly healedAfterMs: number | null;
}

/** One row a step. */
export function breakingRows(steps: readonly StepResult[]): ActionProgress['rows'] {
  return steps.map((step) => ({
    label:
      step.kind === 'burst' ? `${step.atOnce} at once` : `${step.requests} requests, ${step.atOnce} at once`,
    value: `${outcomesText(step.outcomes)} in ${duration(step.tookMs)}; ${healingText(step)}`,
    ok: step.healed,
  }));
}

function healingText(step: StepResult): string {
  if (!step.healed) return 'did not heal by itself';
  return step.healedAfterMs === null || step.healedAfterMs < 1500
    ? 'well at once'
    : `well again after ${duration(step.healedAfterMs)}`;
}

/** "stopped healing at 100 requests at once; 80 still healed". */
export function breakingText(result: {
  readonly steps: readonly StepResult[];
  readonly stoppedHealingAt: number | null;
}): string {
  const broken = result.steps.find((step) => !step.healed);
  const bursts = result.steps.filter((step) => step.kind === 'burst' && step.healed);
  const largest = bursts.at(-1)?.atOnce;
  if (!broken) return `it healed after every step, up to ${largest ?? 0} requests at once`;
  const kind = broken.kind === 'burst' ? 'requests at once' : 'at once, sustained';
  return `it stopped healing at ${broken.atOnce} ${kind}${largest === undefined ? '' : `; a burst of ${largest} still healed`}`;
}
