import { duration } from '../../terminal/format.js';
import { causeAndName } from './cause-and-name.js';
import { cleanUp } from './clean-up.js';
import { watchClock } from './clock-set.js';
import { createContext, type RunContext, type ScenarioRunOptions } from './context.js';
import type { RunResult } from './events.js';
import { hold } from './hold.js';
import { prove } from './prove.js';
import { reachSteadyState } from './steady-state.js';
import { between, reasonOf, whyFailed } from './teller.js';
import { within } from './waiting.js';

/**
 * One scenario end to end on a lab: waits for a steady state, causes the failure, waits until it is felt and until the
 * right finding is on top, does what an engineer would do about it, verifies the recovery, and takes everything back
 * whatever happened before. Never rejects: what went wrong is the result's `reason`.
 */
export async function runScenario(options: ScenarioRunOptions): Promise<RunResult> {
  const context = createContext(options);
  const { marks, causing, runtime } = context;
  const clockSet = watchClock(runtime.clock);
  let reason: string | null = null;
  try {
    await reachSteadyState(context);
    await causeAndName(context);
    await hold(context);
    await mend(context);
    await prove(context);
  } catch (error) {
    reason = reasonOf(error, options.signal);
    context.tell(context.phase(), 'failed', reason);
  }
  const checks = reason === null || context.phase() === 'verify' ? runtime.store.getState().verification : [];
  const residue = await cleanUp(context);
  const set = clockSet();
  reason = whyFailed(set, reason, residue);
  return {
    result: reason === null ? 'passed' : 'failed',
    scenario: causing.id,
    detectedMs: set === null ? between(marks.symptomAt, marks.namedAt) : null,
    named: marks.named,
    rank: marks.rank,
    mttrMs: set === null ? between(marks.symptomAt, marks.verifiedAt) : null,
    checks,
    residue,
    reason,
  };
}

/** Does what an engineer would do about it. */
async function mend(context: RunContext): Promise<void> {
  const { causing, mode, runtime, timeouts } = context;
  context.tell('fix', 'begin', mode.fix[0] ?? 'the fix');
  const began = runtime.clock.now();
  runtime.markFix(mode.fix[0] ?? 'the fix');
  const done = await within(runtime.clock, causing.fix(), timeouts.fixMs, 'the fix');
  const ms = runtime.clock.now() - began;
  context.tell('fix', 'done', `${done} (${duration(ms)})`, { ms });
}
