import type { EmbeddedCause } from '../failure-mode.js';

/** A client takes every slot an ordinary role may have and keeps it idle. */
export const embedded: EmbeddedCause = {
  target: { workload: 'postgres', freezes: false },
  describe: 'lets report-job take every connection slot an ordinary role may have, and hold it',
  undoDescribe: 'end report-job and its connections',
  async inject(lab, signal, progress) {
    signal.throwIfAborted();
    progress('lets report-job take every connection slot an ordinary role may have, and hold it', null);
    await lab.faults.holdConnections();
    return 'report-job holds every ordinary connection slot';
  },
  async undo(lab) {
    await lab.faults.releaseConnections();
  },
  async fix(lab) {
    await lab.faults.releaseConnections();
    return 'ended report-job: its connections are free again';
  },
};
