import type { Causing } from '../../scenarios/causing.js';
import type { FailureMode } from '../../scenarios/failure-mode.js';
import type { ActionResult } from '../actions/action.js';
import { type Clock, systemClock } from '../clock.js';
import type { DockerEngine } from '../engines/docker/docker-engine.js';
import type { Engine } from '../engines/engine.js';
import type { Lab } from '../labs/lab.js';
import { probesOf } from '../probes/place.js';
import type { Probe, ProbeOutcome } from '../probes/probe.js';
import { startScheduler } from '../probes/scheduler.js';
import { joinSettings, WATCH_NOTHING_MORE, type WatchSettings } from '../probes/watch-settings.js';
import type { ActionName } from '../store/action-name.js';
import { openRecorder } from '../store/recording.js';
import { createFaultlineStore, type Store } from '../store/state.js';
import { createActionDesk } from './action-desk.js';
import { onEscaped } from './error-guard.js';
import { followOutput } from './follow-output.js';
import { createInjections } from './injections.js';
import { startInsideWatch } from './inside/watch.js';
import { watchLab } from './lab-counters.js';
import { ownDoors } from './listeners-here.js';
import { createLogTail } from './log-tail.js';
import { engineNote } from './notes.js';
import { noteFix } from './outage-marks.js';
import { escapedHealth } from './probe-health.js';
import { Suspicion } from './suspicion.js';
import { startTicking } from './tick.js';
import { recoveryOf } from './validation.js';
import { watchPartTargets } from './watch-part-targets.js';

export interface RuntimeOptions {
  readonly clock?: Clock;
  /** The lab that the session runs on; absent on a host. */
  readonly lab?: Lab;
  /** Where a host's workloads live; closed with the session. A lab brings its own. */
  readonly engine?: Engine;
  /** What to watch beside what is seen; a lab adds what it tells of itself. */
  readonly settings?: WatchSettings;
  readonly readOnly?: boolean;
  readonly modes: readonly FailureMode[];
  /** Mode whose story the session tells, on a lab. */
  readonly story?: FailureMode;
  /** File that receives every probe outcome as one JSON line. */
  readonly record?: string;
}

/** Probes, store, diagnosis, scenarios and actions wired into one running whole; console, check and run all start it. */
export interface Runtime {
  readonly store: Store;
  readonly clock: Clock;
  readonly lab: Lab | undefined;
  /** Every failure that can be caused here; what is injected by `act` is mended and undone by these. */
  readonly causings: readonly Causing[];
  /** Runs an action by name. Two actions never run at once; a refusal is a result that says why. */
  act(name: ActionName, argument?: string): Promise<ActionResult>;
  /** Marks on the outage clock that something was just done to end it, and by what. */
  markFix(what: string): void;
  /** Tells the cost meter where the terminal writer counts its bytes. */
  countBytes(total: () => number): void;
  /** Stops probes, undoes what is injected, closes the lab. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts probing. The first commit to the store follows within a second. Throws when the recording cannot be opened. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const clock = options.clock ?? systemClock;
  const { lab } = options;
  const settings = joinSettings(...(lab ? [lab.settings] : []), options.settings ?? WATCH_NOTHING_MORE);
  const engine = lab?.engine ?? options.engine;
  const { hostname } = await import('node:os');
  const store = createFaultlineStore({
    mode: lab ? 'demo' : 'host',
    subject: lab ? lab.title : hostname(),
    readOnly: options.readOnly ?? false,
    startedAt: clock.wall(),
    ...(lab ? { app: lab.app } : {}),
  });
  const recorder = options.record === undefined ? undefined : openRecorder(options.record);
  const labWatch = lab && watchLab(lab);
  const doors = ownDoors(engine, clock);
  const suspicion = new Suspicion();
  const session = { engine, settings, clock, doors, suspicion: () => suspicion.at(clock.wall()) };
  const probes = [...probesOf(session), ...(labWatch ? [labWatch.probe] : [])];
  const logs = createLogTail(engine);
  // After those who listen: the first lines come at once.
  if (engine?.kind === 'docker') followOutput(engine as DockerEngine, clock);
  const injections = createInjections(lab, options.modes, clock);
  const ticking = startTicking({
    ...{ store, clock, probes, lab, logs, injections, labWatch },
    ...{ modes: options.modes, story: options.story },
  });
  const stopGuarding = onEscaped((escaped) => ticking.fail(escapedHealth(escaped)));
  // On the lab the actions tell what happened; on a host only the engine knows.
  const stopTelling = lab ? undefined : engine?.onEvent((event) => ticking.note(engineNote(event)));
  const onOutcome = (outcome: ProbeOutcome): void => {
    ticking.take(outcome);
    if (labWatch?.take(outcome)) return;
    recorder?.take(outcome);
    suspicion.take(outcome);
    watch?.take(outcome);
  };
  const scheduler = startScheduler({ probes, clock, onOutcome });
  const adding = {
    add(probe: Probe<unknown>) {
      ticking.watch(probe);
      scheduler.add(probe);
    },
    drop(id: string, reason: string) {
      scheduler.remove(id);
      onOutcome({ ok: false, id, at: clock.wall(), tookMs: 0, kind: 'not-configured', reason });
      ticking.unwatch(id);
    },
  };
  const stopPartTargets = lab && watchPartTargets({ ...adding, lab, session });
  const watch =
    engine && isDocker(engine)
      ? startInsideWatch({
          ...{ engine, clock, settings, doors },
          ...adding,
          hurry: (id) => void scheduler.fresh(id),
        })
      : undefined;
  // `faultline undo` asks a live console this way: only it can start a service of its lab again.
  const onUndoSignal = (): void => void desk.act('undo-all');
  if (lab) process.on('SIGUSR2', onUndoSignal);
  const desk = createActionDesk({
    store,
    clock,
    lab,
    engine,
    injections,
    recovery: lab?.recovery ?? recoveryOf(settings),
    readOnly: options.readOnly ?? false,
    fresh: (probe) => scheduler.fresh(probe),
  });
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    stopTelling?.();
    watch?.close();
    stopPartTargets?.();
    stopGuarding();
    ticking.stop();
    await desk.close();
    await scheduler.stop();
    await injections.undoAll();
    logs.close();
    recorder?.close();
    await (lab ?? engine)?.close();
    process.off('SIGUSR2', onUndoSignal);
  };
  return {
    store,
    clock,
    lab,
    causings: injections.causings,
    act: (name, argument) => desk.act(name, argument),
    markFix: (what) => noteFix(store, clock.wall(), what),
    countBytes: (total) => ticking.countBytes(total),
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** Told by its kind, so that a session without Docker need not load its client. */
function isDocker(engine: Engine): engine is DockerEngine {
  return engine.kind === 'docker';
}
