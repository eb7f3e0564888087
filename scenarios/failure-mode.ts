import type { Mode } from '../source/diagnosis/mode.js';
import type { FaultSpec } from '../source/faults/fault-spec.js';
import type { DockerLab, EmbeddedLab, LabNames } from '../source/labs/lab.js';
import type { FaultlineState, StoryStep } from '../source/store/state.js';

export type CauseProgress = (text: string, share: number | null) => void;

/** How a failure is caused and ended in the lab of child processes. */
export interface EmbeddedCause {
  /** What it will do, for `--dry-run`, the confirmation and the journal. */
  readonly describe: string;
  /** The workload it touches, for the journal; one that is only frozen can be thawed by any process. */
  readonly target: { readonly workload: string; readonly freezes: boolean };
  /** What is written to the journal so that any process can undo it, alive or not. */
  readonly undoDescribe: string;
  /** Causes it. Rejects when it could not be caused; resolves once it has been done. */
  inject(lab: EmbeddedLab, signal: AbortSignal, progress: CauseProgress): Promise<string>;
  /** Takes back what `inject` did. Must be safe when nothing is left to undo. */
  undo(lab: EmbeddedLab): Promise<void>;
  /** What an engineer does about it (the finding's `now` fix); equals `undo` where that is the fix. */
  fix(lab: EmbeddedLab): Promise<string>;
}

/** How a failure is caused and ended in the lab of containers: small reversible faults, and load where it takes some. */
export interface DockerCause {
  /** Tells several forms of one failure apart: `both-ways`, `one-way`; absent where there is one only. */
  readonly variant?: string;
  /** What it will do, for `--dry-run` and the confirmation. */
  readonly describe: string;
  readonly undoDescribe: string;
  /** What has to be there before its faults: parts of the lab. Undone by `unload`. */
  prepare?(lab: DockerLab, signal: AbortSignal, progress: CauseProgress): Promise<string>;
  /** The faults it is made of, in the order they are caused; taken back in the other order. */
  faults(lab: LabNames): readonly FaultSpec[];
  /** What else it takes, once the faults are in: a burst of requests. Says what was done. */
  load?(lab: DockerLab, signal: AbortSignal, progress: CauseProgress): Promise<string>;
  /** Takes back what `prepare` and `load` did. Must be safe when nothing is left. */
  unload?(lab: DockerLab): Promise<void>;
  /** What an engineer does about it, where that is more than taking the faults back; says what was done. */
  fix?(lab: DockerLab): Promise<string>;
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
  /** How it is recognised. */
  readonly mode: Mode;
  readonly causes: { readonly embedded?: EmbeddedCause; readonly docker?: readonly DockerCause[] };
  /** Why no lab causes it, where none does. */
  readonly notCaused?: string;
  /** What causing it on a lab is called, where that is not its own name: what the cause is, not what it comes to. */
  readonly demonstration?: { readonly id: string; readonly title: string };
  /** How recovery is proven, in words. */
  readonly recovery: readonly string[];
  /** The demonstration, step by step, where this mode has one. Pure. */
  readonly story?: (state: FaultlineState) => StoryStep;
}
