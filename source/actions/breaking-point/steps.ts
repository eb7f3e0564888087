import type { ActionContext } from '../action.js';
import { burst } from '../burst.js';
import { outcomesText } from '../load/outcomes.js';
import { watchHealing } from './healing.js';
import type { BreakingPointPlan } from './plan.js';
import type { StepResult } from './results.js';
import { sustain } from './sustained.js';

type Tell = (text: string) => void;

/** One burst and its rest. */
export async function runBurstStep(
  plan: BreakingPointPlan,
  count: number,
  context: ActionContext,
  tell: Tell,
): Promise<StepResult> {
  tell(`${count} requests at once`);
  const { signal } = context;
  const { url, timeoutMs, allowRemote } = plan;
  const result = await burst({ url, count, timeoutMs, allowRemote, signal });
  signal.throwIfAborted();
  const load = {
    kind: 'burst',
    atOnce: count,
    requests: count,
    okCount: result.okCount,
    outcomes: result.outcomes,
    tookMs: result.tookMs,
    p50Ms: null,
    p99Ms: null,
  } as const;
  return { ...load, ...(await rest(plan, `${count} at once`, load.outcomes, signal, tell)) };
}

/** Sustained load and its rest. */
export async function runSustainedStep(
  plan: BreakingPointPlan,
  atOnce: number,
  context: ActionContext,
  tell: Tell,
): Promise<StepResult> {
  const { signal } = context;
  const result = await sustain({
    url: plan.url,
    connections: atOnce,
    requests: plan.requests,
    longestMs: plan.sustainedMs,
    timeoutMs: plan.timeoutMs,
    signal,
    onProgress: (done) => tell(`${done} of ${plan.requests} requests with ${atOnce} at once`),
  });
  signal.throwIfAborted();
  const load = { kind: 'sustained', atOnce, ...result } as const;
  return { ...load, ...(await rest(plan, `${atOnce} at once, sustained`, load.outcomes, signal, tell)) };
}

async function rest(
  plan: BreakingPointPlan,
  what: string,
  outcomes: StepResult['outcomes'],
  signal: AbortSignal,
  tell: Tell,
): Promise<Pick<StepResult, 'healed' | 'healedAfterMs'>> {
  const told = `${what}: ${outcomesText(outcomes)}; resting, does it heal?`;
  tell(told);
  const healing = await watchHealing({
    ...plan,
    signal,
    onCheck: (end) => tell(`${told} last answer: ${end}`),
  });
  return { healed: healing.healedAfterMs !== null, healedAfterMs: healing.healedAfterMs };
}
