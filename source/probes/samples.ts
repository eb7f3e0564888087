/** The typed samples that probes return: the facts that everything after them stands on. */

export type { ConnectOutcome } from './inside/connect-outcome.js';
export type { InsideDnsSample } from './inside/dns-inside-probe.js';
export type { InsideSample, InsideSockets } from './inside/inside-sample.js';
export type { MatrixCell, MatrixSample, MatrixTarget } from './inside/matrix-probe.js';
export type { InsideMeans, InsideSource } from './inside/means.js';
export type * from './samples/conntrack.js';
export type * from './samples/container.js';
export type * from './samples/dns.js';
export type * from './samples/events.js';
export type * from './samples/http.js';
export * from './samples/kernel.js';
export type * from './samples/lab.js';
export type * from './samples/logs.js';
export type * from './samples/postgres.js';
export type * from './samples/redis.js';
export type * from './samples/services.js';
export * from './samples/sockets.js';
export type * from './samples/swarm.js';
