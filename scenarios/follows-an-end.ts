/**
 * Ids of modes that are seen of the rest when one container ends or starts: its name is gone, its clients' packets find
 * nobody. Whatever ends a container explains them, within its blast radius.
 */
export const FOLLOWS_AN_END: readonly string[] = [
  ...['database-down', 'database-connections', 'service-stopped', 'service-hung', 'name-missing'],
  ...['resolver-dead', 'http-errors', 'listen-overflow', 'close-wait-leak', 'retransmission'],
  ...['packet-loss', 'partition', 'dns-failure', 'latency', 'swarm-replicas', 'container-unhealthy'],
];
