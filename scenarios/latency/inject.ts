import type { DockerCause } from '../failure-mode.js';

/** A query of the application takes some six round trips: 200 ms each are felt, and no request times out. */
const DELAY_MS = 200;

export const docker: DockerCause = {
  describe: `delays the packets of postgres by ${DELAY_MS} ms, in one direction`,
  undoDescribe: 'take the delay off postgres',
  faults: (lab) => [{ kind: 'delay', target: lab.container('postgres'), ms: DELAY_MS }],
};
