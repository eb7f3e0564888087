import type { EmbeddedCause } from '../failure-mode.js';

/** The record of the database is removed: NXDOMAIN at once. */
export const embedded: EmbeddedCause = {
  target: { workload: 'resolver', freezes: false },
  describe: 'makes the resolver forget the name of the database',
  undoDescribe: 'give the resolver the name of the database back',
  async inject(lab, signal, progress) {
    signal.throwIfAborted();
    progress('makes the resolver forget the name of the database', null);
    await lab.faults.forgetName();
    return 'the resolver no longer knows the name of the database';
  },
  async undo(lab) {
    await lab.faults.rememberName();
  },
  async fix(lab) {
    await lab.faults.rememberName();
    return 'the resolver knows the name again';
  },
};
