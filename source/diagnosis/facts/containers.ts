import type { ServiceSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import type { Reach } from '../signature.js';
import { aroundWorkloads } from './blast-radius.js';
import { swarmServiceOf } from './swarm.js';

/** How containers are spoken of, and what Docker's own commands do about them. */

const MIB = 1024 * 1024;

/** What is found of the rest when one container ends or starts: its name is gone, its peers' packets find nobody. */
export const FOLLOWS_AN_END: readonly string[] = [
  ...['database-down', 'database-connections', 'service-stopped', 'service-hung', 'name-missing'],
  ...['resolver-dead', 'http-errors', 'listen-overflow', 'close-wait-leak', 'retransmission'],
  ...['packet-loss', 'partition', 'dns-failure', 'latency', 'swarm-replicas'],
];

/** `restart` starts one that has ended, too. A Swarm task's container is not started again: Swarm makes another. */
export function startFix(service: ServiceSample): Fix {
  const { name } = service;
  const swarm = swarmServiceOf(service);
  if (swarm !== undefined)
    return {
      when: 'now',
      text: 'Swarm replaces it: read why it has not yet',
      command: `docker service ps --no-trunc ${swarm}`,
    };
  return {
    when: 'now',
    text: `start ${name} again`,
    command: `docker start ${name}`,
    action: { name: 'restart', argument: name },
  };
}

/** The command that changes limits of these containers, or of the Swarm services that they belong to. */
export function limitCommand(
  services: readonly ServiceSample[],
  options: { readonly container: string; readonly swarm: string },
): string {
  const swarm = [...new Set(services.map(swarmServiceOf))];
  return swarm.every((name) => name !== undefined)
    ? swarm.map((name) => `docker service update ${options.swarm} ${name}`).join('; ')
    : `docker update ${options.container} ${services.map(({ name }) => name).join(' ')}`;
}

/** A memory size as Docker's options take it: `50m`, `384m`. */
export const dockerBytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / MIB))}m`;

/** A memory size for a person: `50 MiB`. */
export const mebibytes = (bytes: number): string =>
  `${bytes < 10 * MIB ? (bytes / MIB).toFixed(1) : Math.round(bytes / MIB)} MiB`;

/** `a`, `a and b`, `a, b and 2 more`; replicas of one group as `todo-app (3 replicas)`. */
export function together(services: readonly ServiceSample[]): string {
  const group = services[0]?.group;
  if (services.length > 1 && group !== undefined && services.every((one) => one.group === group))
    return `${group} (${services.length} replicas)`;
  const names = services.map((one) => one.name);
  if (names.length <= 2) return names.join(' and ');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

/** What the trouble of these containers can cause. */
export const reachOf = (history: History, services: readonly ServiceSample[]): Reach => ({
  reaches: aroundWorkloads(history, services),
});
