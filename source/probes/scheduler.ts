import type { Clock, Timer } from '../clock.js';
import type { Probe, ProbeOutcome } from './probe.js';
import { runProbe } from './run-probe.js';

/** A failing probe waits twice as long each time, at most this long (ms) where it does not say otherwise. */
const LONGEST_BACKOFF_MS = 30_000;
/**
 * A `table` probe may use at most a fiftieth of one core: the next read waits 50 times what one takes. That is the lesser
 * of its last two runs: one alone may have waited for the machine, as the first does for libraries and all the others.
 */
const TABLE_COST_FACTOR = 50;
const LONGEST_TABLE_INTERVAL_MS = 60_000;
/** First runs are spread out so that the start is not one burst (ms). */
const STAGGER_MS = 40;
/** A run that was aborted is waited for this long (ms). */
const CLOSING_MS = 1000;

export interface Scheduler {
  /** Runs a probe from now on; one of that id must not be there already. */
  add(probe: Probe<unknown>): void;
  /** Stops a probe and closes it; what it is running is aborted and not reported. Nothing happens for an unknown id. */
  remove(id: string): void;
  /**
   * The outcome of a run that begins after this call, as soon as it may; undefined when there is no such probe, or none
   * any more. Its other runs follow at their interval.
   */
  fresh(id: string): Promise<ProbeOutcome | undefined>;
  /** Stops all probes, aborts the running ones, and resolves when none is left or after one second. */
  stop(): Promise<void>;
}

interface Slot {
  readonly probe: Probe<unknown>;
  timer: Timer | undefined;
  failures: number;
  /** What its last run took (ms), which gave a sample; 0 before the first. */
  tookMs: number;
  running: Promise<void> | undefined;
  abort: AbortController | undefined;
  removed: boolean;
  /** Who waits for a run that has not begun yet. */
  awaited: ((outcome: ProbeOutcome | undefined) => void)[];
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
  const slots = new Map<string, Slot>();

  const { clock } = options;
  const plan = (slot: Slot, delayMs: number): void => {
    if (stopped || slot.removed) return;
    slot.timer = clock.setTimeout(() => {
      const run = runOnce(slot).finally(() => {
        if (slot.running === run) slot.running = undefined;
      });
      slot.running = run;
    }, delayMs);
  };

  const runOnce = async (slot: Slot): Promise<void> => {
    const began = clock.now();
    slot.abort = new AbortController();
    const awaited = slot.awaited.splice(0);
    const outcome = await runProbe(slot.probe, slot.abort, clock);
    const over = stopped || slot.removed;
    if (!over) {
      slot.failures = outcome.ok ? 0 : slot.failures + 1;
      options.onOutcome(outcome);
      const costMs = Math.min(outcome.tookMs, slot.tookMs);
      if (outcome.ok) slot.tookMs = outcome.tookMs;
      const usual = nextDelay(slot.probe, { ok: outcome.ok, costMs }, slot.failures, clock.now() - began);
      plan(slot, slot.awaited.length > 0 ? 0 : usual);
    }
    // Who is told may ask for another one at once: this one is no longer under way.
    slot.running = undefined;
    for (const tell of awaited) tell(over ? undefined : outcome);
  };

  /** Whatever was added at once begins one after the other, each kind's cost apart from the next. */
  let lastStart = Number.NEGATIVE_INFINITY;
  const add = (probe: Probe<unknown>): void => {
    if (stopped) return;
    if (slots.has(probe.id)) throw new Error(`there are two probes "${probe.id}"`);
    const slot: Slot = {
      ...{ probe, failures: 0, tookMs: 0, removed: false },
      ...{ timer: undefined, running: undefined, abort: undefined, awaited: [] },
    };
    slots.set(probe.id, slot);
    const now = clock.now();
    lastStart = Math.max(now, lastStart + STAGGER_MS);
    plan(slot, lastStart - now);
  };
  const end = async (ending: readonly Slot[]): Promise<void> => {
    for (const slot of ending) {
      slot.removed = true;
      clock.clearTimeout(slot.timer);
      slot.abort?.abort();
      for (const tell of slot.awaited.splice(0)) tell(undefined);
    }
    const running = ending.flatMap((slot) => slot.running ?? []);
    let late: Timer | undefined;
    await Promise.race([
      Promise.allSettled(running),
      new Promise<void>((done) => {
        late = clock.setTimeout(done, CLOSING_MS);
      }),
    ]);
    clock.clearTimeout(late);
    for (const slot of ending) slot.probe.close?.();
  };

  for (const probe of options.probes) add(probe);
  return {
    add,
    remove(id) {
      const slot = slots.get(id);
      slots.delete(id);
      if (slot) void end([slot]);
    },
    fresh(id) {
      const slot = slots.get(id);
      if (!slot || stopped) return Promise.resolve(undefined);
      const told = new Promise<ProbeOutcome | undefined>((tell) => {
        slot.awaited.push(tell);
      });
      if (!slot.running) {
        clock.clearTimeout(slot.timer);
        plan(slot, 0);
      }
      return told;
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await end([...slots.values()]);
    },
  };
}

/** Milliseconds until a probe's next run; `costMs` is what a run of it takes. */
export function nextDelay(
  probe: Pick<Probe<unknown>, 'intervalMs' | 'cost' | 'longestBackoffMs'>,
  { ok, costMs }: { readonly ok: boolean; readonly costMs: number },
  failures: number,
  sinceBeganMs: number,
): number {
  const longest = probe.longestBackoffMs ?? LONGEST_BACKOFF_MS;
  if (!ok) return Math.min(probe.intervalMs * 2 ** Math.min(failures, 6), longest);
  const wanted =
    probe.cost === 'table'
      ? Math.max(probe.intervalMs, Math.min(costMs * TABLE_COST_FACTOR, LONGEST_TABLE_INTERVAL_MS))
      : probe.intervalMs;
  return Math.max(0, wanted - sinceBeganMs);
}
