import type { Signature } from '../source/diagnosis/signature.js';
import type { FaultlineState, StoryStep } from '../source/store/state.js';
import type { Lab } from './lab/lab.js';

/** How a failure is caused and ended on one substrate. */
export interface Cause {
  /** What it will do, for `--dry-run`, the confirmation and the journal. */
  readonly describe: string;
  /** The workload it touches, for the journal; one that is only frozen can be thawed by any process. */
  readonly target: { readonly workload: string; readonly freezes: boolean };
  /** What is written to the journal so that any process can undo it, alive or not. */
  readonly undoDescribe: string;
  /** Causes it. Rejects when it could not be caused; resolves once it has been done. */
  inject(
    lab: Lab,
    signal: AbortSignal,
    progress: (text: string, share: number | null) => void,
  ): Promise<string>;
  /** Takes back what `inject` did. Must be safe when nothing is left to undo. */
  undo(lab: Lab): Promise<void>;
  /** What an engineer does about it (the finding's `now` fix); equals `undo` where that is the fix. */
  fix(lab: Lab): Promise<string>;
}

/** One failure mode: everything anyone ever says of that failure. */
export interface FailureMode {
  readonly id: string;
  readonly title: string;
  /** One sentence: what it is. */
  readonly summary: string;
  readonly severity: 'critical' | 'warning' | 'notice';
  /** Where it comes from: "Container Networking Exhaustion (failure mode documentation)". */
  readonly origin: string;
  readonly alerts: readonly { readonly name: string; readonly condition: string; readonly for: string }[];
  readonly symptoms: readonly string[];
  readonly investigation: readonly {
    readonly step: string;
    readonly command: string;
    readonly expect: string;
  }[];
  readonly rootCause: readonly string[];
  readonly fix: readonly string[];
  readonly prevention: readonly string[];
  readonly confusedWith: readonly { readonly id: string; readonly tellApart: string }[];
  readonly signature: Signature;
  readonly causes: { readonly embedded?: Cause };
  /** How recovery is proven, in words. */
  readonly recovery: readonly string[];
  /** The demonstration, step by step, where this mode has one. Pure. */
  readonly story?: (state: FaultlineState) => StoryStep;
}
