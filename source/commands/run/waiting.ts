import { type Clock, pause, type Timer } from '../../clock.js';
import type { Runtime } from '../../runtime/index.js';
import type { FaultlineState } from '../../store/state.js';

/** The store changes once a second; a look in between costs nothing and marks times closer. */
const LOOK_MS = 200;

/** A run that did not go as it should; its message is the reason in the result. */
export class RunFailure extends Error {}

/**
 * The first answer of `look` that is not undefined, or undefined when `timeoutMs` are over. Rejects when the signal
 * aborts, or with what `look` throws.
 */
export async function waitFor<Answer>(
  runtime: Runtime,
  timeoutMs: number,
  signal: AbortSignal,
  look: (state: FaultlineState) => Answer | undefined,
): Promise<Answer | undefined> {
  const began = runtime.clock.now();
  for (;;) {
    signal.throwIfAborted();
    const answer = look(runtime.store.getState());
    if (answer !== undefined) return answer;
    const left = timeoutMs - (runtime.clock.now() - began);
    if (left <= 0) return undefined;
    await pause(runtime.clock, Math.min(left, LOOK_MS), signal);
  }
}

/** The work's result, or a RunFailure that says what took too long. The work itself is not ended by this. */
export async function within<Result>(
  clock: Clock,
  work: Promise<Result>,
  timeoutMs: number,
  what: string,
): Promise<Result> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(
      () => reject(new RunFailure(`${what} took longer than ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clock.clearTimeout(timer);
  }
}
