import { serviceFault } from '../embedded-fault.js';

/** The database server is asked to end, and ends. */
export const embedded = serviceFault({
  workload: 'postgres',
  freezes: false,
  describe: 'stops the database server postgres',
  undoDescribe: 'start postgres again',
  apply: (engine) => engine.stop('postgres'),
  done: 'postgres has stopped',
  mended: 'started postgres',
});
