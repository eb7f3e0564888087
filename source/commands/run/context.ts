import type { Causing } from '../../../scenarios/causing.js';
import type { FailureMode } from '../../../scenarios/failure-mode.js';
import type { Runtime } from '../../runtime/index.js';
import { DEFAULT_TIMEOUTS, type EmitEvent, RUN_PHASES, type RunPhase, type RunTimeouts } from './events.js';

export interface ScenarioRunOptions {
  /** A running whole on a lab. It stays open: one lab serves several runs. */
  readonly runtime: Runtime;
  readonly causing: Causing;
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
  readonly timeouts?: Partial<RunTimeouts>;
}

/** What the steps of a run share. */
export interface RunContext {
  readonly runtime: Runtime;
  readonly causing: Causing;
  readonly mode: FailureMode;
  readonly signal: AbortSignal;
  readonly timeouts: RunTimeouts;
  tell(
    phase: RunPhase,
    state: 'begin' | 'progress' | 'done' | 'failed',
    text: string,
    detail?: Record<string, unknown>,
  ): void;
  readonly marks: RunMarks;
}

/** What is known so far; wall-clock ms. */
export interface RunMarks {
  phase: RunPhase;
  /** What was found before anything was caused: a restart that is over. */
  foundBefore: readonly string[];
  injectedAt: number | null;
  symptomAt: number | null;
  namedAt: number | null;
  verifiedAt: number | null;
  named: string | null;
  rank: number | null;
}

/** What a run starts with. */
export function createContext(options: ScenarioRunOptions): RunContext {
  const { runtime, causing, emit, signal } = options;
  const { mode } = causing;
  const beganAt = runtime.clock.wall();
  const marks: RunMarks = {
    phase: 'baseline',
    foundBefore: [],
    injectedAt: null,
    symptomAt: null,
    namedAt: null,
    verifiedAt: null,
    named: null,
    rank: null,
  };
  return {
    runtime,
    causing,
    mode,
    signal,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    marks,
    tell(phase, state, text, detail) {
      // A trigger may end after the first symptom: a phase never goes back.
      if (RUN_PHASES.indexOf(phase) > RUN_PHASES.indexOf(marks.phase)) marks.phase = phase;
      const at = runtime.clock.wall();
      emit({ t: at - beganAt, at, scenario: causing.id, phase, state, text, ...(detail ? { detail } : {}) });
    },
  };
}
