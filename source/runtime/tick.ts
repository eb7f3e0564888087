import type { FailureMode } from '../../scenarios/failure-mode.js';
import { allModes } from '../../scenarios/index.js';
import { plainStory } from '../../scenarios/plain-story.js';
import { type Clock, repeat } from '../clock.js';
import { debug } from '../debug-log.js';
import { type Diagnosis, diagnose, NO_DIAGNOSIS } from '../diagnosis/engine.js';
import { feltOf } from '../diagnosis/felt.js';
import type { Lab } from '../labs/lab.js';
import { usualOverdueMs } from '../probes/place.js';
import type { Probe, ProbeOutcome } from '../probes/probe.js';
import type { History } from '../store/history.js';
import { Intake } from '../store/intake/intake.js';
import { advanceOutage } from '../store/outage.js';
import type { FaultlineState, Outage, ProbeHealth, Store } from '../store/state.js';
import { addEntry, type TimelineEntry } from '../store/timeline.js';
import { tendYoungGeneration } from '../young-generation.js';
import { createCostMeter } from './cost.js';
import type { Injections } from './injections.js';
import { JudgingPace } from './judging-pace.js';
import type { LabWatch } from './lab-counters.js';
import type { LogTail } from './log-tail.js';
import { findingNotes, outageNotes } from './notes.js';
import { foldHealth, waitingHealth } from './probe-health.js';
import { createSlowLook } from './slow-look.js';

/** The store takes one commit a tick (ms). */
const TICK_MS = 1000;
/** The first figures are shown as soon as every probe has had its first turn (ms); the scheduler spreads those out. */
const FIRST_TICK_MS = 500;
/** A sample is stale when its probe missed this many intervals. */
const MISSED_INTERVALS = 3;

export interface Ticking {
  take(outcome: ProbeOutcome): void;
  /** A probe that came with a workload, and one that went with it: its health is shown while it is there. */
  watch(probe: Probe<unknown>): void;
  unwatch(id: string): void;
  /** A source that is no probe has failed: it is shown as one. */
  fail(failing: ProbeHealth): void;
  /** Puts an entry on the timeline with the next commit. */
  note(entry: TimelineEntry): void;
  countBytes(total: () => number): void;
  stop(): void;
}

/** Folds probe outcomes into the store: one commit a tick, with the diagnosis of that moment. */
export function startTicking(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly probes: readonly Probe<unknown>[];
  readonly lab: Lab | undefined;
  readonly modes: readonly FailureMode[];
  /** Mode whose story the session tells, on a lab. */
  readonly story: FailureMode | undefined;
  readonly logs: LogTail;
  readonly injections: Injections;
  readonly labWatch: LabWatch | undefined;
}): Ticking {
  const { store, clock, probes } = parts;
  const watched = new Map<string, Probe<unknown>>();
  // Asked each time: some probes change their interval with what they find.
  const overdueMs = (id: string): number => {
    const probe = watched.get(id);
    return probe ? probe.intervalMs * MISSED_INTERVALS + probe.timeoutMs : usualOverdueMs(id);
  };
  const intake = new Intake(overdueMs, store.getState().series);
  const modes = allModes(parts.modes);
  const meter = createCostMeter(() => clock.now());
  let health: Readonly<Record<string, ProbeHealth>> = {};
  const watch = (probe: Probe<unknown>): void => {
    watched.set(probe.id, probe);
    health = { ...health, [probe.id]: waitingHealth(probe) };
  };
  for (const probe of probes) watch(probe);
  let judged: Diagnosis = { findings: [], state: NO_DIAGNOSIS, failed: [], blind: [] };
  const pace = new JudgingPace(clock.now());
  const slowLook = createSlowLook();
  let bytes = (): number => 0;
  let noted: TimelineEntry[] = [];
  const mode = parts.story;
  const story = mode && (mode.story ?? plainStory(mode));

  const judge = (history: History): void => {
    const began = clock.now();
    if (!pace.isDue(began)) return;
    judged = diagnose(history, modes, judged.state);
    for (const { id, reason } of judged.failed) debug('rule', id, 'failed', reason);
    // On a lab somebody waits for what is caused to be named.
    const suspects = parts.lab !== undefined || Object.keys(judged.state.active).length > 0;
    pace.judged(began, clock.now() - began, suspects);
  };

  const tick = (): void => {
    tendYoungGeneration();
    const now = clock.wall();
    const history = intake.tick(now);
    const before = store.getState();
    judge(history);
    const outage = advanceOutage(
      before.outage,
      before.lastOutage,
      history,
      feltOf(history, judged.findings, judged.state),
    );
    const notes = [
      ...noted,
      ...outageNotes(before.outage, outage),
      ...findingNotes(before.findings, judged.findings, outage ?? before.lastOutage, now),
    ];
    noted = [];
    const over = outage?.verifiedAt != null;
    const state: Partial<FaultlineState> = {
      now,
      latest: history.latest,
      probes: health,
      findings: judged.findings,
      failedRules: judged.failed,
      blindModes: judged.blind,
      ...slowLook(history, judged.findings),
      ...outageFields(before, outage, over),
      timeline: notes.reduce<readonly TimelineEntry[]>(addEntry, before.timeline),
      hardening: parts.lab?.hardening() ?? [],
      lab: parts.labWatch?.state() ?? null,
      logs: parts.logs.lines(),
      faults: parts.injections.list(),
      cost: meter.read(bytes()),
    };
    store.setState({ ...state, story: story ? story({ ...before, ...state }) : null });
  };
  tick();
  const stop = repeat(clock, TICK_MS, tick, FIRST_TICK_MS);
  return {
    take(outcome) {
      intake.take(outcome);
      pace.take(outcome);
      const known = health[outcome.id];
      if (known) health = { ...health, [outcome.id]: foldHealth(known, outcome) };
    },
    watch,
    unwatch(id) {
      watched.delete(id);
      intake.forget(id);
      health = Object.fromEntries(Object.entries(health).filter(([known]) => known !== id));
    },
    fail(failing) {
      health = { ...health, [failing.id]: failing };
    },
    note: (entry) => noted.push(entry),
    countBytes(total) {
      bytes = total;
    },
    stop,
  };
}

function outageFields(
  before: FaultlineState,
  outage: Outage | null,
  over: boolean,
): Pick<FaultlineState, 'outage' | 'lastOutage'> {
  return over ? { outage: null, lastOutage: outage } : { outage, lastOutage: before.lastOutage };
}
