import type { EmbeddedLab } from '../source/labs/lab.js';
import type { EmbeddedCause } from './failure-mode.js';
import { ensureRunning } from './running.js';

/** What a fault of the embedded lab does to one workload, and how that is told. */
interface EmbeddedFault {
  readonly workload: string;
  /** It is only stopped by a signal, so that any process can let it go on. */
  readonly freezes: boolean;
  /** What it will do, and how that is undone, for a person. */
  readonly describe: string;
  readonly undoDescribe: string;
  /** What was done, and what mended it. */
  readonly done: string;
  readonly mended: string;
}

/** A fault of the embedded lab that one step causes and another, safe to repeat, takes back and mends. */
export const embeddedFault = ({
  workload,
  freezes,
  describe,
  undoDescribe,
  ...fault
}: EmbeddedFault & {
  apply(lab: EmbeddedLab): Promise<void>;
  undo(lab: EmbeddedLab): Promise<void>;
}): EmbeddedCause => ({
  target: { workload, freezes },
  describe,
  undoDescribe,
  async inject(lab, signal, progress) {
    signal.throwIfAborted();
    progress(describe, null);
    await fault.apply(lab);
    return fault.done;
  },
  undo: (lab) => fault.undo(lab),
  async fix(lab) {
    await fault.undo(lab);
    return fault.mended;
  },
});

/** A fault on one service of the embedded lab that is over once that service runs again. */
export const serviceFault = ({
  apply,
  ...fault
}: EmbeddedFault & { apply(engine: EmbeddedLab['engine']): Promise<void> }): EmbeddedCause =>
  embeddedFault({
    ...fault,
    apply: (lab) => apply(lab.engine),
    undo: (lab) => ensureRunning(lab, fault.workload),
  });
