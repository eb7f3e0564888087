import type { FaultPlan } from '../fault-plan.js';
import type { FaultSpec } from '../fault-spec.js';
import type { EffectVerdict } from '../observe/effect.js';
import type { UndoOutcome } from './outcome.js';

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

/** How a rollback ended. */
export interface RollbackVerdict {
  readonly id: string;
  readonly what: string;
  readonly outcome: UndoOutcome;
  /** Nothing is left: true only when the target equals its snapshot, or is gone and everything with it. */
  readonly clean: boolean;
  /** How it went: "undone", "its container was restarted: the rules went with its network". */
  readonly detail: string;
  /** What is left, one line each. */
  readonly residue: readonly string[];
}

export interface InjectOptions {
  /** Id of the failure mode, or `inject` for one that was asked for by hand. */
  readonly scenario: string;
  /** Milliseconds after which it ends by itself (default 120,000), renewed while this process lives. */
  readonly ttlMs?: number;
  /** False: it ends when `ttlMs` are over, renewed by nobody. */
  readonly renew?: boolean;
  /** A person typed the target's name: it needs no label. */
  readonly confirmed?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: (text: string) => void;
}

/** Causes faults in containers and rolls them back. Every fault is in the journal before it exists. */
export interface FaultDesk {
  /** What a fault would do; reads, and changes nothing. Rejects with the reason when it cannot or may not be done. */
  plan(spec: FaultSpec, options?: Pick<InjectOptions, 'ttlMs' | 'confirmed'>): Promise<FaultPlan>;
  /** Causes it and checks its effect. Rejects when it could not be caused; what was half done is then undone. */
  inject(spec: FaultSpec, options: InjectOptions): Promise<ActiveFault>;
  active(): readonly ActiveFault[];
  /** Rolls one back by its id and compares with the snapshot. Never rejects. */
  undo(id: string): Promise<RollbackVerdict>;
  /** All of this process, newest first. */
  undoAll(): Promise<readonly RollbackVerdict[]>;
  /** Rolls everything back and stops renewing. Safe to call twice. */
  close(): Promise<readonly RollbackVerdict[]>;
}
