import type { EmbeddedLab } from '../source/labs/lab.js';
import type { EmbeddedCause } from './failure-mode.js';
import { ensureRunning } from './running.js';

/** A fault on one service of the embedded lab that is over once that service runs again. */
export function serviceFault(fault: {
  readonly workload: string;
  readonly freezes: boolean;
  /** What it will do, and how that is undone, for a person. */
  readonly describe: string;
  readonly undoDescribe: string;
  readonly apply: (engine: EmbeddedLab['engine']) => Promise<void>;
  /** What was done, and what mended it. */
  readonly done: string;
  readonly mended: string;
}): EmbeddedCause {
  const { workload, freezes, describe, undoDescribe } = fault;
  return {
    target: { workload, freezes },
    describe,
    undoDescribe,
    async inject(lab, signal, progress) {
      signal.throwIfAborted();
      progress(describe, null);
      await fault.apply(lab.engine);
      return fault.done;
    },
    undo: (lab) => ensureRunning(lab, workload),
    async fix(lab) {
      await ensureRunning(lab, workload);
      return fault.mended;
    },
  };
}
