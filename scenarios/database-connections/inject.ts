import { embeddedFault } from '../embedded-fault.js';

/** A client takes every slot an ordinary role may have and keeps it idle. */
export const embedded = embeddedFault({
  workload: 'postgres',
  freezes: false,
  describe: 'lets report-job take every connection slot an ordinary role may have, and hold it',
  undoDescribe: 'end report-job and its connections',
  apply: (lab) => lab.faults.holdConnections(),
  done: 'report-job holds every ordinary connection slot',
  undo: (lab) => lab.faults.releaseConnections(),
  mended: 'ended report-job: its connections are free again',
});
