import type { DockerCause } from '../failure-mode.js';

/** The database's container is killed: it looks like the database, or like DNS. */
export const docker: DockerCause = {
  describe: 'kills the container postgres (docker kill, SIGKILL)',
  undoDescribe: 'start postgres again',
  faults: (lab) => [{ kind: 'kill', target: lab.container('postgres'), signal: 'SIGKILL' }],
};
