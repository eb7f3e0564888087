import type { Cause } from '../failure-mode.js';
import { ensureRunning } from '../running.js';

/** The resolver is asked to end, and ends; queries to its port are refused by ICMP. */
export const embedded: Cause = {
  target: { workload: 'resolver', freezes: false },
  describe: 'stops the resolver',
  undoDescribe: 'start the resolver again',
  async inject(lab, signal, progress) {
    signal.throwIfAborted();
    progress('stops the resolver', null);
    await lab.engine.stop('resolver');
    return 'the resolver has stopped';
  },
  async undo(lab) {
    await ensureRunning(lab, 'resolver');
  },
  async fix(lab) {
    await ensureRunning(lab, 'resolver');
    return 'started the resolver';
  },
};
