import type { FaultlineState } from '../../store/state.js';
import { duration } from '../../terminal/format.js';
import type { RunContext } from './context.js';
import { RunFailure, waitFor } from './waiting.js';

/** Has the recovery verification replayed until it passes: what was queued before the fix may still have to drain. */
export async function prove(context: RunContext): Promise<void> {
  const { runtime, timeouts, signal, marks, tell } = context;
  tell('verify', 'begin', 'the recovery checks, then the validation');
  const result = await runtime.act('verify', String(timeouts.verifyMs));
  signal.throwIfAborted();
  const checks = runtime.store.getState().verification;
  for (const check of checks)
    tell(
      'verify',
      'progress',
      `${check.state}  ${check.name}  ${check.ms === null ? '' : `${Math.round(check.ms)} ms  `}${check.detail}`,
    );
  if (!result.ok)
    throw new RunFailure(`recovery is not proven after ${timeouts.verifyMs / 1000} s: ${result.text}`);
  if (!marks.felt) await untilCleared(context);
  marks.verifiedAt = runtime.clock.wall();
  const mttr = marks.verifiedAt - (marks.symptomAt ?? marks.verifiedAt);
  tell('verify', 'done', `recovery is proven: down for ${duration(mttr)}`, { mttrMs: mttr });
}

/** What nobody felt is over when what was found is: good answers alone would prove nothing. */
async function untilCleared({ runtime, mode, timeouts, signal, tell }: RunContext): Promise<void> {
  const stands = ({ findings }: FaultlineState) =>
    findings.find(({ id, state }) => id === mode.id && state === 'firing');
  const cleared = await waitFor(runtime, timeouts.verifyMs, signal, (state) => !stands(state) || undefined);
  const left = stands(runtime.store.getState());
  if (!cleared)
    throw new RunFailure(`still found after ${timeouts.verifyMs / 1000} s: ${left?.title ?? mode.title}`);
  tell('verify', 'progress', `passed  ${mode.title}: found no more`);
}
