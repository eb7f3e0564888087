import type { DockerCause } from '../failure-mode.js';

/** The replicas of the application, each with so little CPU that one request of it takes longer than a period. */
const REPLICAS = ['todo-app-1', 'todo-app-2', 'todo-app-3'] as const;
/** Cores each may use. */
const CPUS = 0.05;

export const docker: DockerCause = {
  describe: `limits each of ${REPLICAS.join(', ')} to ${CPUS} cores (docker update)`,
  undoDescribe: 'give the three replicas their CPU back',
  faults: (lab) => REPLICAS.map((name) => ({ kind: 'cpu', target: lab.container(name), cpus: CPUS })),
};
