import type { ServiceSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { placeOf } from '../places.js';
import type { Reach } from '../signature.js';
import { placesOfWorkload } from './blast-radius.js';
import { database } from './database.js';
import { targets } from './http.js';
import { serviceAt } from './services.js';
import { swarmServiceOf } from './swarm.js';

/** How containers are spoken of, and what Docker's own commands do about them. */

const MIB = 1024 * 1024;

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

/** Networks that it is, or was, on; empty where that is not known, or it is no container. */
const networksOf = ({ container }: ServiceSample): string[] =>
  (container?.networks ?? []).map(({ name }) => name);

/** Whether two may have to do with each other: they share a network, or it is not known that they do not. */
function meet(one: ServiceSample, other: ServiceSample): boolean {
  const [own, its] = [networksOf(one), networksOf(other)];
  return own.length === 0 || its.length === 0 || own.some((name) => its.includes(name));
}

/** Whether one of these may stand behind what an address serves: it serves it, or shares a network with who does. */
export function standBehind(history: History, services: readonly ServiceSample[], address: string): boolean {
  const server = serviceAt(history, address);
  return !server || services.some((one) => one.name === server.name || meet(one, server));
}

/**
 * What the trouble of these containers can cause: that of targets which they may stand behind, and the database's only
 * when it is served by one of them, or by nobody that is seen.
 */
export function reachOf(history: History, services: readonly ServiceSample[]): Reach {
  const behind = targets(history).flatMap(({ address }) =>
    standBehind(history, services, address) ? [placeOf(address)] : [],
  );
  const address = database(history)?.address;
  const server = address === undefined ? undefined : serviceAt(history, address);
  const isTheirs = !server || services.some(({ name }) => name === server.name);
  const own = services.flatMap(placesOfWorkload);
  return { reaches: [...behind, ...own, ...(address !== undefined && isTheirs ? [placeOf(address)] : [])] };
}
