import { embeddedFault } from '../embedded-fault.js';

/** The record of the database is removed: NXDOMAIN at once. */
export const embedded = embeddedFault({
  workload: 'resolver',
  freezes: false,
  describe: 'makes the resolver forget the name of the database',
  undoDescribe: 'give the resolver the name of the database back',
  apply: (lab) => lab.faults.forgetName(),
  done: 'the resolver no longer knows the name of the database',
  undo: (lab) => lab.faults.rememberName(),
  mended: 'the resolver knows the name again',
});
