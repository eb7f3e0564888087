import type { RunContext } from './context.js';
import { answersSince, databaseText, topFindings } from './observe.js';
import { RunFailure, waitFor } from './waiting.js';

const TOLD_EVERY_MS = 5000;

/** Watches, with the trigger long gone, that the failure does not heal by itself. Does nothing when `holdMs` is 0. */
export async function hold(context: RunContext): Promise<void> {
  const { runtime, mode, timeouts, signal, tell } = context;
  if (timeouts.holdMs <= 0) return;
  const since = runtime.clock.wall();
  const seconds = timeouts.holdMs / 1000;
  tell('named', 'progress', `hands off for ${seconds} s: does it heal by itself?`);
  let toldAt = runtime.clock.now();
  await waitFor(runtime, timeouts.holdMs, signal, (state) => {
    if (runtime.clock.now() - toldAt < TOLD_EVERY_MS) return undefined;
    toldAt = runtime.clock.now();
    const { ended, good } = answersSince(state, since);
    const database = databaseText(state);
    const suspect = database === undefined ? '' : `; the database all the while: ${database}`;
    tell('named', 'progress', `${good} of ${ended} probes answered well${suspect}`, { ended, good });
    return undefined;
  });
  const state = runtime.store.getState();
  const { ended, good } = answersSince(state, since);
  const still = topFindings(state).find((finding) => finding.id === mode.id);
  if (!still) throw new RunFailure(`it healed by itself within ${seconds} s, before it was mended`);
  tell(
    'named',
    'progress',
    `it did not heal: ${good} of ${ended} probes answered well in ${seconds} s; ${still.title}`,
    {
      heldMs: timeouts.holdMs,
      ended,
      good,
    },
  );
}
