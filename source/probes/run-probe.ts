import type { Clock, Timer } from '../clock.js';
import { debug, isDebugging, milliseconds } from '../debug-log.js';
import { type Probe, type ProbeOutcome, Unavailable } from './probe.js';

/** One run with its deadline. A probe that ignores its abort is left behind, and said to have timed out. */
export async function runProbe(
  probe: Probe<unknown>,
  abort: AbortController,
  clock: Clock,
): Promise<ProbeOutcome> {
  const outcome = await runWithin(probe, abort, clock);
  if (isDebugging())
    debug(
      'probe',
      outcome.id,
      milliseconds(outcome.tookMs),
      ...(outcome.ok ? ['ok'] : [outcome.kind, outcome.reason]),
    );
  return outcome;
}

async function runWithin(probe: Probe<unknown>, abort: AbortController, clock: Clock): Promise<ProbeOutcome> {
  const began = clock.now();
  let timer: Timer | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(() => {
      reject(new Unavailable('timeout', `no answer within ${probe.timeoutMs / 1000} s`));
      abort.abort();
    }, probe.timeoutMs);
  });
  try {
    const run = probe.run({ signal: abort.signal, now: began });
    run.catch(() => undefined);
    const sample = await Promise.race([run, deadline]);
    return { ok: true, id: probe.id, at: clock.wall(), tookMs: clock.now() - began, sample };
  } catch (error) {
    const unavailable = error instanceof Unavailable ? error : undefined;
    return {
      ok: false,
      id: probe.id,
      at: clock.wall(),
      tookMs: clock.now() - began,
      kind: unavailable?.kind ?? 'failed',
      reason: error instanceof Error ? error.message : String(error),
      mend: unavailable?.mend,
    };
  } finally {
    clock.clearTimeout(timer);
  }
}
