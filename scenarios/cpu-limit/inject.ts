import type { DockerCause } from '../failure-mode.js';
import { whileLoaded } from '../lab-load.js';

const REPLICAS = ['todo-app-1', 'todo-app-2', 'todo-app-3'] as const;
/**
 * Cores each may use. A request costs a replica 5 to 9 ms of CPU (measured on two shared cores), and there are two or
 * three a second: a quota that binds then would be too small for Docker (0.01 at least), so there is load of its own.
 */
const CPUS = 0.015;
/** More than three such replicas serve; what is under way bounds the wait to some seconds, so that little times out. */
const LOAD = { path: '/todos', perSecond: 10, mostUnderWay: 8, forMs: 120_000, timeoutMs: 5000 } as const;

/** The replicas of the application, each with less CPU than its share of an ordinary load takes. */
export const docker: DockerCause = {
  describe: `limits each of ${REPLICAS.join(', ')} to ${CPUS} cores (docker update), and asks for ${LOAD.perSecond} pages a second`,
  undoDescribe: 'give the three replicas their CPU back, and end the load',
  faults: (lab) => REPLICAS.map((name) => ({ kind: 'cpu', target: lab.container(name), cpus: CPUS })),
  ...whileLoaded(LOAD),
};
