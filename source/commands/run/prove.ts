import { setTimeout as sleep } from 'node:timers/promises';
import { formatMs } from '../../actions/mttr.js';
import type { RunContext } from './context.js';
import { RunFailure } from './waiting.js';

/** Between two replays of a verification that failed (ms). */
const AGAIN_MS = 1000;

/** Replays the recovery verification until it passes: what was queued before the fix may still have to drain. */
export async function prove(context: RunContext): Promise<void> {
  const { runtime, timeouts, signal, marks, tell } = context;
  const began = runtime.clock.now();
  tell('verify', 'begin', 'GET /, GET /test-db, GET /todos, POST /todos and read it back');
  for (;;) {
    const result = await runtime.act('verify');
    signal.throwIfAborted();
    if (result.ok) break;
    if (runtime.clock.now() - began >= timeouts.verifyMs)
      throw new RunFailure(`recovery is not proven after ${timeouts.verifyMs / 1000} s: ${result.text}`);
    tell('verify', 'progress', `${result.text}: not yet, again`);
    await sleep(AGAIN_MS, undefined, { signal });
  }
  marks.verifiedAt = runtime.clock.wall();
  for (const check of runtime.store.getState().verification)
    tell(
      'verify',
      'progress',
      `${check.state}  ${check.name}  ${check.ms === null ? '' : `${Math.round(check.ms)} ms  `}${check.detail}`,
    );
  const mttr = marks.verifiedAt - (marks.symptomAt ?? marks.verifiedAt);
  tell('verify', 'done', `recovery is proven: down for ${formatMs(mttr)}`, { mttrMs: mttr });
}
