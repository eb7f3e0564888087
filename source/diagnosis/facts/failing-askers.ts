import type { HttpFailureKind, LogMatch } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { hostOf, isLocal } from './addresses.js';
import { failing, type TargetView } from './http.js';
import { logged } from './logs.js';
import { mayNeed } from './reach.js';
import { serviceAt } from './services.js';

/** Who may fail for want of a name: a target that fails says something of lookups only where its server needs them. */

/** Ends of a request before its server has worked for it. */
const NOT_SERVED: readonly HttpFailureKind[] = ['refused', 'unreachable', 'tls', 'proxy', 'redirect'];

/**
 * The targets that fail and may do so because lookups of these clients fail (containers by name, null for this host): one
 * whose own name we are not given, and one that takes a request and does not serve it well while its server, or who stands
 * behind it, may wait for such a lookup. Where one `name` alone is meant, of the former those of that name.
 */
export function failingForNames(
  history: History,
  clients: readonly (string | null)[],
  name?: string,
): TargetView[] {
  return failing(history).filter((view) => {
    const { failure } = view.sample;
    if (failure?.phase === 'dns')
      return clients.includes(null) && (name === undefined || isName(hostOf(view.address), name));
    if (failure && (NOT_SERVED.includes(failure.kind) || failure.phase === 'connect')) return false;
    return clients.some((client) => mayAskFor(history, view.address, client));
  });
}

/**
 * What is logged of lookups of a kind by those who may be meant by these clients (containers by name, null for this host):
 * a container that asks by itself speaks of its own alone.
 */
export const loggedOfNames = (
  history: History,
  clients: readonly (string | null)[],
  kind: LookupLine,
): LogMatch[] =>
  logged(history, kind).filter(
    ({ service }) =>
      clients.includes(service) ||
      (clients.includes(null) && history.latest.lookups?.[service] === undefined),
  );

/** Kinds of lines that speak of lookups. */
export type LookupLine = 'name-resolution-temporary' | 'name-resolution-missing';

/** A host of a URL and a name that is asked for, with a suffix of the search list or without. */
const isName = (host: string, name: string): boolean => {
  const plain = name.replace(/\.$/, '');
  return host === plain || plain.startsWith(`${host}.`);
};

/**
 * Whether what serves an address may wait for the lookups of a container, or of this host (null): its own, and those of
 * whoever stands behind it. Of one whose own lookups are watched this host's tell nothing, nor of one that is elsewhere.
 */
export function mayAskFor(history: History, address: string, client: string | null): boolean {
  const service = serviceAt(history, address);
  if (client === null && !service && !isLocal(address)) return false;
  const own = service?.container ? history.latest.lookups?.[service.name] : undefined;
  if (client === null) return own === undefined || own.stale;
  return (
    client === service?.name || mayNeed(history, { address, service }, { address: '', workload: client })
  );
}
