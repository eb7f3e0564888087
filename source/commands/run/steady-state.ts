import type { RunContext } from './context.js';
import { unsteady } from './observe.js';
import { RunFailure, waitFor } from './waiting.js';

/** Waits until every target answers well and nothing is found, for `steadyMs` together. Nothing is caused before. */
export async function reachSteadyState({ runtime, signal, timeouts, tell }: RunContext): Promise<void> {
  const { clock } = runtime;
  tell('baseline', 'begin', `waiting until all targets have answered well for ${timeouts.steadyMs / 1000} s`);
  let steadySince: number | null = null;
  let why = '';
  const targets = await waitFor(runtime, timeouts.baselineMs, signal, (state) => {
    const wrong = unsteady(state);
    if (wrong !== undefined) {
      steadySince = null;
      why = wrong;
      return undefined;
    }
    steadySince ??= clock.now();
    return clock.now() - steadySince >= timeouts.steadyMs ? Object.keys(state.latest.http) : undefined;
  });
  if (targets === undefined)
    throw new RunFailure(
      `no steady state within ${timeouts.baselineMs / 1000} s, so nothing was caused: ${why}`,
    );
  tell('baseline', 'done', `healthy: ${targets.join(', ')} answer`, { targets });
}
