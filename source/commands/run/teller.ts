import { type EmitEvent, RUN_PHASES, type RunPhase } from './events.js';

/** Says what happens in a phase; figures go beside the text. */
export type Tell = (
  phase: RunPhase,
  state: 'begin' | 'progress' | 'done' | 'failed',
  text: string,
  detail?: Record<string, unknown>,
) => void;

export interface Teller {
  readonly tell: Tell;
  /** The furthest phase so far: one that is told late (a trigger that ends after the first symptom) takes none back. */
  phase(): RunPhase;
}

/** Tells of one run, with the time since it began; `wall` is the wall clock (ms). */
export function createTeller(scenario: string, emit: EmitEvent, wall: () => number): Teller {
  const beganAt = wall();
  let furthest: RunPhase = 'baseline';
  return {
    phase: () => furthest,
    tell(phase, state, text, detail) {
      if (RUN_PHASES.indexOf(phase) > RUN_PHASES.indexOf(furthest)) furthest = phase;
      const at = wall();
      emit({ t: at - beganAt, at, scenario, phase, state, text, ...(detail ? { detail } : {}) });
    },
  };
}

/** Tells how taking everything back ended. */
export function tellResidue(tell: Tell, residue: readonly string[]): void {
  const clean = residue.length === 0;
  const text = clean ? 'nothing is left behind' : residue.join('; ');
  tell('clean', clean ? 'done' : 'failed', text, { residue });
}

/** Why a run ended early. */
export function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'interrupted';
  return error instanceof Error ? error.message : String(error);
}

/** Why a run failed: a clock that was set, which may be why the rest went wrong, what went wrong first, else what it left behind; null where it passed. */
export function whyFailed(
  clockSet: string | null,
  reason: string | null,
  residue: readonly string[],
): string | null {
  if (clockSet !== null) return reason === null ? clockSet : `${clockSet}; ${reason}`;
  return reason ?? (residue.length > 0 ? `left behind: ${residue.join('; ')}` : null);
}

/** Milliseconds from one mark to another, or null where one of them was never reached. */
export function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, Math.round(to - from));
}
