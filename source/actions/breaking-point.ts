import type { ActionProgress } from '../store/state.js';
import type { Action, ActionContext } from './action.js';
import { watchHealing } from './breaking-point/healing.js';
import { type BreakingPointOptions, type BreakingPointPlan, planOf } from './breaking-point/plan.js';
import { breakingRows, breakingText, type StepResult } from './breaking-point/results.js';
import { runBurstStep, runSustainedStep } from './breaking-point/steps.js';
import { loadTarget } from './load/loopback.js';

export type { BreakingPointOptions } from './breaking-point/plan.js';
export type { StepResult } from './breaking-point/results.js';

export interface BreakingPointResult {
  readonly steps: readonly StepResult[];
  /** Requests at once from which the target stopped healing by itself, or null when it always healed. */
  readonly stoppedHealingAt: number | null;
}

/**
 * Load testing as the Container Networking Exhaustion document recommends it: bursts of 5, 10, 20, 50 and on with
 * rests, until the target stops healing; then, after `restart`, 1,000 requests with 10, 25 and 50 at once. A target
 * that never stops healing gets all steps. Rejects when the URL is not allowed or the signal aborts.
 */
export async function findBreakingPoint(
  options: BreakingPointOptions,
  context: ActionContext,
): Promise<BreakingPointResult> {
  const plan = planOf({ ...options, url: loadTarget(options.url, options.allowRemote).href });
  const steps: StepResult[] = [];
  const tell = (text: string): void =>
    context.progress({
      share: steps.length / (plan.bursts.length + plan.sustained.length),
      text,
      rows: breakingRows(steps),
    });
  const bursts = await runUntilBroken(
    plan.bursts,
    (count) => runBurstStep(plan, count, context, tell),
    steps,
  );
  const sick = bursts !== null;
  if (sick) await recover(plan, context, tell);
  const sustained = await runUntilBroken(
    plan.sustained,
    (atOnce) => runSustainedStep(plan, atOnce, context, tell),
    steps,
  );
  if (sustained !== null) await recover(plan, context, tell);
  tell('done');
  return { steps, stoppedHealingAt: bursts ?? sustained };
}

/** Runs steps of growing size until one does not heal; that one's size, or null. */
async function runUntilBroken(
  sizes: readonly number[],
  run: (size: number) => Promise<StepResult>,
  steps: StepResult[],
): Promise<number | null> {
  for (const size of sizes) {
    const result = await run(size);
    steps.push(result);
    if (!result.healed) return size;
  }
  return null;
}

/** Restarts the target and waits until it answers again; what is measured next must start from health. */
async function recover(
  plan: BreakingPointPlan,
  context: ActionContext,
  tell: (text: string) => void,
): Promise<void> {
  tell('it stopped healing: restarting the application');
  await plan.restart(context.signal);
  const healing = await watchHealing({
    ...plan,
    restMs: 0,
    graceMs: plan.recoveryMs,
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  if (healing.healedAfterMs === null)
    throw new Error(`it did not answer within ${plan.recoveryMs / 1000} s of the restart`);
}

/** The breaking point as an action, with progress and results by step. */
export function createBreakingPoint(options: BreakingPointOptions): Action {
  const plan = planOf(options);
  return {
    name: 'breaking-point',
    title: 'breaking point: load in growing steps until it stops healing',
    touches: `sends bursts of up to ${Math.max(...plan.bursts)} requests and then ${plan.requests} at a time to ${options.url}, and restarts the application`,
    deadlineMs: plan.longestMs,
    async run(context) {
      let rows: ActionProgress['rows'] = [];
      const result = await findBreakingPoint(options, {
        signal: context.signal,
        progress(update) {
          rows = update.rows ?? rows;
          context.progress(update);
        },
      });
      return { ok: true, text: breakingText(result), rows };
    },
  };
}
