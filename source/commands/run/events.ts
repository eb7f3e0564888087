import type { VerifyCheck } from '../../store/state.js';

/** The phases of a run, in their order. */
export const RUN_PHASES = ['baseline', 'inject', 'symptom', 'named', 'fix', 'verify', 'clean'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

/** One thing that happened in a run. */
export interface RunEvent {
  /** Milliseconds since the scenario began. */
  readonly t: number;
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly scenario: string;
  readonly phase: RunPhase;
  readonly state: 'begin' | 'progress' | 'done' | 'failed';
  /** For a person. */
  readonly text: string;
  /** Figures of it, by name; they stand beside the other fields in the JSON form. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export type EmitEvent = (event: RunEvent) => void;

/** What a run proved. */
export interface RunResult {
  readonly result: 'passed' | 'failed';
  readonly scenario: string;
  /**
   * Milliseconds from the first symptom to the right finding firing on top, 0 when it was named before anybody felt
   * it, or null when that never came.
   */
  readonly detectedMs: number | null;
  /** Id of the finding that was on top when the wait for a name ended, or null when nothing was named. */
  readonly named: string | null;
  /** Where the right finding stood then, 1 being on top, or null when it was not there. */
  readonly rank: number | null;
  /** Milliseconds from the first symptom to the verification that passed, or null. */
  readonly mttrMs: number | null;
  readonly checks: readonly VerifyCheck[];
  /** What was left behind, one line each; empty is clean. */
  readonly residue: readonly string[];
  /** Why it failed; null when it passed. */
  readonly reason: string | null;
}

/** How long each wait may take, ms. */
export interface RunTimeouts {
  /** For all targets to answer and nothing to be found, together for `steadyMs`. */
  readonly baselineMs: number;
  readonly steadyMs: number;
  readonly symptomMs: number;
  /** For the right finding to fire on top, counted from the symptom. */
  readonly namedMs: number;
  /** How long to watch, once named, that it does not heal by itself; 0 for not at all. */
  readonly holdMs: number;
  readonly fixMs: number;
  /** During which a verification that fails is replayed. */
  readonly verifyMs: number;
  /** For the finding to go once recovery is proven. */
  readonly settleMs: number;
}

export const DEFAULT_TIMEOUTS: RunTimeouts = {
  baselineMs: 60_000,
  // A steady state before the fault is asked for by the Chaos Toolkit's experiment format; 3 s is a probe of each
  // target at their healthy interval of 2 s.
  steadyMs: 3000,
  symptomMs: 60_000,
  namedMs: 60_000,
  holdMs: 0,
  fixMs: 45_000,
  verifyMs: 60_000,
  settleMs: 60_000,
};
