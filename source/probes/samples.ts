/**
 * The typed samples that probes return: the facts that everything after them stands on. For whom stands above the
 * probes; a probe imports its own `sample.js`.
 */

export type * from './conntrack/sample.js';
export type * from './datastores/sample.js';
export type * from './dns/sample.js';
export * from './edges/sample.js';
export type * from './events/sample.js';
export type * from './http/sample.js';
export type * from './inside/sample.js';
export * from './kernel/sample.js';
export type * from './logs/sample.js';
export type * from './lookups/sample.js';
export type { ConnectOutcome } from './matrix/connect-outcome.js';
export { type EdgeReason, REASON_TEXT } from './matrix/edges/reason.js';
export type * from './matrix/sample.js';
export type * from './postgres/sample.js';
export type * from './redis/sample.js';
export type * from './services/container.js';
export type * from './services/sample.js';
export type * from './settings/sample.js';
export * from './sockets/sample.js';
export type * from './swarm/sample.js';
export type * from './units/sample.js';
