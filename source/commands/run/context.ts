import type { Causing } from '../../../scenarios/causing.js';
import type { FailureMode } from '../../../scenarios/failure-mode.js';
import type { Runtime } from '../../runtime/index.js';
import { DEFAULT_TIMEOUTS, type EmitEvent, type RunTimeouts } from './events.js';
import { createTeller, type Teller } from './teller.js';

export interface ScenarioRunOptions {
  /** A running whole on a lab. It stays open: one lab serves several runs. */
  readonly runtime: Runtime;
  readonly causing: Causing;
  readonly emit: EmitEvent;
  readonly signal: AbortSignal;
  readonly timeouts?: Partial<RunTimeouts>;
}

/** What the steps of a run share. */
export interface RunContext extends Teller {
  readonly runtime: Runtime;
  readonly causing: Causing;
  readonly mode: FailureMode;
  readonly signal: AbortSignal;
  readonly timeouts: RunTimeouts;
  readonly marks: RunMarks;
}

/** What is known so far; wall-clock ms. */
export interface RunMarks {
  /** What was found before anything was caused: a restart that is over. */
  foundBefore: readonly string[];
  injectedAt: number | null;
  symptomAt: number | null;
  /** Whether a probe felt it; what is only seen is over when its finding is. */
  felt: boolean;
  namedAt: number | null;
  verifiedAt: number | null;
  named: string | null;
  rank: number | null;
}

/** What a run starts with. */
export function createContext(options: ScenarioRunOptions): RunContext {
  const { runtime, causing, emit, signal } = options;
  const { mode } = causing;
  const marks: RunMarks = {
    foundBefore: [],
    injectedAt: null,
    symptomAt: null,
    felt: true,
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
    ...createTeller(causing.id, emit, () => runtime.clock.wall()),
  };
}
