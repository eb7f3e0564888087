import type { Clock } from '../clock.js';
import { type Probe, type ProbeOutcome, Unavailable } from './probe.js';

/** A failing probe waits twice as long each time, at most this long (ms). */
const LONGEST_BACKOFF_MS = 30_000;
/** A `table` probe may use at most a fiftieth of one core: the next read waits 50 times the last one's cost. */
const TABLE_COST_FACTOR = 50;
const LONGEST_TABLE_INTERVAL_MS = 60_000;
/** First runs are spread out so that the start is not one burst (ms). */
const STAGGER_MS = 40;

export interface Scheduler {
  /** Stops all probes, aborts the running ones, and resolves when none is left or after one second. */
  stop(): Promise<void>;
}

interface Slot {
  readonly probe: Probe<unknown>;
  timer: NodeJS.Timeout | undefined;
  failures: number;
  running: Promise<void> | undefined;
  abort: AbortController | undefined;
}

/**
 * Runs each probe at its own interval with its own timeout, never twice at once, and reports each outcome.
 * A probe that fails or hangs backs off; it never holds up another.
 */
export function startScheduler(options: {
  readonly probes: readonly Probe<unknown>[];
  readonly clock: Clock;
  readonly onOutcome: (outcome: ProbeOutcome) => void;
}): Scheduler {
  let stopped = false;
  const slots: Slot[] = options.probes.map((probe) => ({
    probe,
    timer: undefined,
    failures: 0,
    running: undefined,
    abort: undefined,
  }));

  const plan = (slot: Slot, delayMs: number): void => {
    if (stopped) return;
    slot.timer = setTimeout(() => {
      slot.running = runOnce(slot).finally(() => {
        slot.running = undefined;
      });
    }, delayMs);
  };

  const runOnce = async (slot: Slot): Promise<void> => {
    const began = options.clock.now();
    slot.abort = new AbortController();
    const outcome = await outcomeOf(slot.probe, slot.abort, options.clock);
    if (stopped) return;
    slot.failures = outcome.ok ? 0 : slot.failures + 1;
    options.onOutcome(outcome);
    plan(slot, nextDelay(slot.probe, outcome, slot.failures, options.clock.now() - began));
  };

  slots.forEach((slot, i) => {
    plan(slot, i * STAGGER_MS);
  });

  return {
    async stop() {
      if (stopped) return;
      stopped = true;
      for (const slot of slots) {
        clearTimeout(slot.timer);
        slot.abort?.abort();
      }
      const running = slots.map((slot) => slot.running).filter((run) => run !== undefined);
      await Promise.race([
        Promise.allSettled(running),
        new Promise((done) => setTimeout(done, 1000).unref()),
      ]);
      for (const slot of slots) slot.probe.close?.();
    },
  };
}

/** One run with its deadline. A probe that ignores its abort is left behind, and said to have timed out. */
async function outcomeOf(probe: Probe<unknown>, abort: AbortController, clock: Clock): Promise<ProbeOutcome> {
  const began = clock.now();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
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
    clearTimeout(timer);
  }
}

/** Milliseconds until a probe's next run. */
export function nextDelay(
  probe: Pick<Probe<unknown>, 'intervalMs' | 'cost'>,
  outcome: ProbeOutcome,
  failures: number,
  sinceBeganMs: number,
): number {
  if (!outcome.ok) return Math.min(probe.intervalMs * 2 ** Math.min(failures, 6), LONGEST_BACKOFF_MS);
  const wanted =
    probe.cost === 'table'
      ? Math.max(probe.intervalMs, Math.min(outcome.tookMs * TABLE_COST_FACTOR, LONGEST_TABLE_INTERVAL_MS))
      : probe.intervalMs;
  return Math.max(0, wanted - sinceBeganMs);
}
