import {
  type ResolverView,
  resolverService,
  resolvers,
  waitedOut,
} from '../../source/diagnosis/facts/dns.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { groupNames, serviceOf } from '../../source/diagnosis/facts/services.js';
import type { History } from '../../source/store/history.js';

/**
 * The containers whose lookups fill a resolver's queue, replicas by their group's name: those that are seen to wait
 * for it, else those that log so, else all that ask it. Empty where no container's lookups are watched.
 */
export function askersOf(history: History, view: ResolverView): string[] {
  const server = resolverService(history, view)?.name;
  const its = resolvers(history).filter(
    (one) =>
      one.asker !== null &&
      (one.resolver === view.resolver ||
        (server !== undefined && resolverService(history, one)?.name === server)),
  );
  const waiting = its.filter(({ names }) => names.some(waitedOut));
  const ask = new Set(its.map(({ asker }) => asker));
  const logging = logged(history, 'name-resolution-temporary').filter(({ service }) => ask.has(service));
  const found =
    logging.length > 0
      ? logging.map(({ service }) => service)
      : (waiting.length > 0 ? waiting : its).flatMap(({ asker }) => asker ?? []);
  return groupNames(history, withReplicas(history, found, its));
}

/** Replicas that ask the same stand for one another: one that waits is not alone. */
function withReplicas(history: History, found: readonly string[], its: readonly ResolverView[]): string[] {
  const groups = new Set(found.flatMap((name) => serviceOf(history, name)?.group ?? []));
  const alike = its.flatMap(({ asker }) => {
    const group = asker === null ? undefined : serviceOf(history, asker)?.group;
    return asker !== null && group !== undefined && groups.has(group) ? [asker] : [];
  });
  return [...new Set([...found, ...alike])];
}
