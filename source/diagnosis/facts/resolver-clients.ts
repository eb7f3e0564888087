import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { isLocal } from './addresses.js';
import { type ResolverView, resolverService, resolvers } from './dns.js';
import { logged } from './logs.js';
import { waitedOut } from './lookup-trouble.js';
import { serviceOf } from './services.js';
import { fresh } from './values.js';

/** A resolver as one who asks it sees it, with the names asked for where they are known. */
export type Asked = Pick<ResolverView, 'client' | 'resolver'> & Partial<Pick<ResolverView, 'names'>>;

/**
 * The containers that ask a resolver, or for the same names, whatever its address is in there. One that restarts at the
 * moment asked it before, and counts. Empty where no container's lookups are watched.
 */
export function clientsOf(history: History, asked: Asked): string[] {
  const server = resolverService(history, asked)?.name;
  // Every container may call its own resolver by the same loopback address.
  const shared = !isLocal(asked.resolver);
  return Object.entries(history.latest.lookups ?? {}).flatMap(([client, { sample }]) => {
    const asks = sample.names.some(
      ({ name, resolver }) =>
        (shared && resolver === asked.resolver) ||
        asked.names?.some((one) => one.name === name) ||
        (server !== undefined && resolverService(history, { client, resolver })?.name === server),
    );
    return asks || client === asked.client ? [client] : [];
  });
}

/** All who ask a resolver: containers by name, and null for this host. */
export const askersOf = (history: History, asked: Asked): (string | null)[] => [
  ...clientsOf(history, asked),
  ...(asked.client === null ? [null] : []),
];

/**
 * Those whose lookups fill a resolver's queue, replicas by their group's name: the ones that log so, else the ones seen
 * to wait for it, else all that ask it.
 */
export function waitingClients(history: History, asked: Asked): string[] {
  const ask = clientsOf(history, asked);
  const waiting = resolvers(history).flatMap(({ client, names }) =>
    client !== null && ask.includes(client) && names.some(waitedOut) ? [client] : [],
  );
  const logging = logged(history, 'name-resolution-temporary')
    .map(({ service }) => service)
    .filter((name) => ask.includes(name));
  const found = [logging, waiting, ask].find((names) => names.length > 0) ?? [];
  return [...new Set(found.map((name) => groupOf(history, name)))];
}

/** Replicas do the same work and ask the same: one that waits is not alone. */
function groupOf(history: History, name: string): string {
  const group = serviceOf(history, name)?.group;
  const members: readonly ServiceSample[] =
    fresh(history.latest.services)?.services.filter((one) => one.group === group) ?? [];
  return group !== undefined && members.length > 1 ? group : name;
}
