import type { Cause } from '../failure-mode.js';
import { ensureRunning } from '../running.js';

/** The database server is asked to end, and ends. */
export const embedded: Cause = {
  target: { workload: 'postgres', freezes: false },
  describe: 'stops the database server postgres',
  undoDescribe: 'start postgres again',
  async inject(lab, signal, progress) {
    signal.throwIfAborted();
    progress('stops the database server postgres', null);
    await lab.engine.stop('postgres');
    return 'postgres has stopped';
  },
  async undo(lab) {
    await ensureRunning(lab, 'postgres');
  },
  async fix(lab) {
    await ensureRunning(lab, 'postgres');
    return 'started postgres';
  },
};
