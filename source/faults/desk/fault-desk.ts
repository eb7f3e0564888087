import type { FaultPlan } from '../fault-plan.js';
import type { FaultSpec } from '../fault-spec.js';

/** Did it bite: the signal that was expected was seen, another one was, or none could be read. */
export interface BiteVerdict {
  readonly verdict: 'Confirmed' | 'Mismatch' | 'Inconclusive';
  /** What was measured, with its figure: "connect 0.3 → 201 ms", "412 packets dropped by the rule". */
  readonly signal: string;
}

export interface ActiveFault {
  readonly plan: FaultPlan;
  /** Wall-clock ms. */
  readonly since: number;
  /** Wall-clock ms at which it ends by itself unless it is renewed. */
  readonly expiresAt: number;
  readonly bite: BiteVerdict | null;
}

export interface UndoVerdict {
  readonly id: string;
  readonly what: string;
  /** True only when the target equals its snapshot, or is gone and everything with it. */
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

/** Causes faults in containers and takes them back. Every fault is in the journal before it exists. */
export interface FaultDesk {
  /** What a fault would do; reads, and changes nothing. Rejects with the reason when it cannot or may not be done. */
  plan(spec: FaultSpec, options?: Pick<InjectOptions, 'ttlMs' | 'confirmed'>): Promise<FaultPlan>;
  /** Causes it and says whether it bit. Rejects when it could not be caused; what was half done is then undone. */
  inject(spec: FaultSpec, options: InjectOptions): Promise<ActiveFault>;
  active(): readonly ActiveFault[];
  /** Takes one back by its id and compares with the snapshot. Never rejects. */
  undo(id: string): Promise<UndoVerdict>;
  /** All of this process, newest first. */
  undoAll(): Promise<readonly UndoVerdict[]>;
  /** Takes everything back and stops renewing. Safe to call twice. */
  close(): Promise<readonly UndoVerdict[]>;
}
