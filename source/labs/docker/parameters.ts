/**
 * What decides whether a spike heals. Measured on this lab (docs/docker-lab.md has the figures): 60 requests at once
 * heal by themselves, 120 stay down until the replicas are restarted.
 */
export const PARAMETERS = {
  replicas: 3,
  /** Requests at work at once in one replica, shared by all routes. */
  slots: 26,
  /** The bulkhead's share of a replica: 39 of 78. */
  bulkhead: 13,
  /** The forwarder answers 1000 / serviceMs queries a second. */
  serviceMs: 20,
  /** Queries that wait before it; what comes then is dropped. Full, an answer takes queue × serviceMs. */
  queue: 256,
  /** resolv.conf(5): a client gives up after 2 s, then asks anew. */
  resolverOptions: 'timeout:2 attempts:1',
} as const;

/** The name by which the application asks for the database; the zone that the forwarder knows. */
export const DATABASE_NAME = 'postgres.lab.internal';
