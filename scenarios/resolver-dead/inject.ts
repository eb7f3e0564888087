import { serviceFault } from '../embedded-fault.js';

/** The resolver is asked to end, and ends; queries to its port are refused by ICMP. */
export const embedded = serviceFault({
  workload: 'resolver',
  freezes: false,
  describe: 'stops the resolver',
  undoDescribe: 'start the resolver again',
  apply: (engine) => engine.stop('resolver'),
  done: 'the resolver has stopped',
  mended: 'started the resolver',
});
