import type { FaultPlan } from './fault-plan.js';

/** The effect check: the signal that was expected was seen, another one was, or none could be read. */
export interface EffectVerdict {
  readonly verdict: 'Confirmed' | 'Mismatch' | 'Inconclusive';
  /** What was measured, with its figure: "connect 0.3 → 201 ms", "412 packets dropped by the rule". */
  readonly signal: string;
}

export const confirmed = (signal: string): EffectVerdict => ({ verdict: 'Confirmed', signal });
export const mismatch = (signal: string): EffectVerdict => ({ verdict: 'Mismatch', signal });
export const inconclusive = (signal: string): EffectVerdict => ({ verdict: 'Inconclusive', signal });

/** A fault that is there. */
export interface ActiveFault {
  readonly plan: FaultPlan;
  /** Wall-clock ms. */
  readonly since: number;
  /** Wall-clock ms at which it ends by itself unless it is renewed. */
  readonly expiresAt: number;
  /** Null until it was looked at. */
  readonly effect: EffectVerdict | null;
}

/** `target gone`: there is nothing left to undo; `left` is residue, and the journal's entry stays. */
export type UndoOutcome = 'undone' | 'target gone' | 'left';

/** How the rollback of a fault ended. */
export interface RollbackVerdict {
  readonly id: string;
  readonly what: string;
  readonly outcome: UndoOutcome;
  /** Nothing is left: true only when the target equals its snapshot, or is gone and everything with it. */
  readonly clean: boolean;
  /** How it went: "undone", "its container was restarted: its rules went with its network". */
  readonly detail: string;
  /** What is left, one line each. */
  readonly residue: readonly string[];
}

/** How one undo step of the journal ended. */
export interface StepVerdict {
  readonly outcome: UndoOutcome;
  /** What was done, or why it is left and what would end it. */
  readonly detail: string;
  /** What differs from before although everything was undone; somebody else changed it, or it failed. */
  readonly residue?: readonly string[];
}
