import type { DockerCause } from '../failure-mode.js';

/** Enough that half of all requests lose a packet, and most still succeed. */
const PERCENT = 25;

export const docker: DockerCause = {
  describe: `loses ${PERCENT} % of the packets that arrive at postgres, at random`,
  undoDescribe: 'let every packet reach postgres',
  faults: (lab) => [{ kind: 'loss', target: lab.container('postgres'), percent: PERCENT }],
};
