import {
  type ResolverView,
  resolverService,
  resolvers,
  waitedOut,
} from '../../source/diagnosis/facts/dns.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { serviceOf } from '../../source/diagnosis/facts/services.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { History } from '../../source/store/history.js';

/**
 * The containers whose lookups fill a resolver's queue, replicas by their group's name: those that log so, else
 * those that are seen to wait for it, else all that ask it. Empty where no container's lookups are watched.
 */
export function askersOf(history: History, view: ResolverView): string[] {
  const ask = whoAsk(history, view);
  const waiting = resolvers(history).flatMap(({ asker, names }) =>
    asker !== null && ask.includes(asker) && names.some(waitedOut) ? [asker] : [],
  );
  const logging = logged(history, 'name-resolution-temporary')
    .map(({ service }) => service)
    .filter((name) => ask.includes(name));
  const found = [logging, waiting, ask].find((names) => names.length > 0) ?? [];
  return [...new Set(found.map((name) => groupOf(history, name)))];
}

/** Containers that ask a resolver, or for the same names, whatever its address is in there; one that restarts at the moment asked it before. */
function whoAsk(history: History, view: ResolverView): string[] {
  const server = resolverService(history, view)?.name;
  return Object.entries(history.latest.lookups ?? {}).flatMap(([asker, { sample }]) => {
    const its = sample.names.some(
      ({ name, resolver }) =>
        resolver === view.resolver ||
        view.names.some((one) => one.name === name) ||
        (server !== undefined && resolverService(history, { asker, resolver })?.name === server),
    );
    return its ? [asker] : [];
  });
}

/** Replicas do the same work and ask the same: one that waits is not alone. */
function groupOf(history: History, name: string): string {
  const group = serviceOf(history, name)?.group;
  const members = fresh(history.latest.services)?.services.filter((one) => one.group === group) ?? [];
  return group !== undefined && members.length > 1 ? group : name;
}
