import { joinHostPort } from '../../linux/ip-address.js';
import type { Subject } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { isLocal } from './addresses.js';
import { inTurn } from './common-ends.js';
import { edges, type NamedEdge } from './edges.js';
import { onceALook } from './once-a-look.js';
import { serviceOf } from './services.js';

/** What this host's own processes are called where nobody knows which of them it is. */
export const THIS_HOST = 'this host';

/** Two that talk with each other, with every edge between them: seen from one end or from both. */
export interface Link {
  /** Who asks, and who serves. */
  readonly client: string;
  readonly server: string;
  readonly edges: readonly NamedEdge[];
}

/** Every two that talk with each other. */
export const links = onceALook((history): readonly Link[] => {
  const byEnds = new Map<string, { client: string; server: string; edges: NamedEdge[] }>();
  for (const edge of edges(history)) {
    const ends = endsOf(edge);
    const key = [ends.client, ends.server].sort().join('\n');
    const link = byEnds.get(key);
    if (link) link.edges.push(edge);
    else byEnds.set(key, { ...ends, edges: [edge] });
  }
  return [...byEnds.values()];
});

function endsOf(edge: NamedEdge): { readonly client: string; readonly server: string } {
  const { direction, owner, peer, port, peerName, peerText, inside } = edge;
  if (direction === 'out') return { client: owner ?? THIS_HOST, server: peerText };
  const own = isLocal(`${peer}:${port}`);
  return {
    client: peerName ?? (own ? (inside ?? THIS_HOST) : peer),
    server: owner ?? (own ? joinHostPort(peer, port) : `${THIS_HOST}:${port}`),
  };
}

/** One of its ends, with the processes of this host that were seen there: `this host (python3)`. */
export function endText({ client, edges: its }: Pick<Link, 'client' | 'edges'>, end: string): string {
  const own = its.filter(({ direction }) => (direction === 'out') === (end === client));
  const names = [...new Set(own.flatMap(({ processes = [] }) => processes))].slice(0, 3);
  return names.length === 0 ? end : `${end} (${names.join(', ')})`;
}

/** Whether somebody stands at an end of it. */
export const hasEnd = ({ client, server }: Pick<Link, 'client' | 'server'>, name: string): boolean =>
  client === name || server === name;

/** Whether it is a client from afar that nobody here knows: what its own way loses is no trouble of this host. */
export const isVisitor = ({ edges: its }: Pick<Link, 'edges'>): boolean =>
  its.every(
    ({ direction, near, peer, port, peerName }) =>
      direction === 'in' && !near && peerName === null && !isLocal(joinHostPort(peer, port)),
  );

/** The other end. */
export const otherEnd = ({ client, server }: Pick<Link, 'client' | 'server'>, name: string): string =>
  client === name ? server : client;

/** What is sick where an end is: the workload, or, where none is known by that name, the connection. */
export function subjectOf(history: History, name: string, { client, server, edges: its }: Link): Subject {
  if (serviceOf(history, name)) return { kind: 'workload', id: name };
  const ofHost = its.every(({ inside }) => inside === null) && !serviceOf(history, client);
  return { kind: 'connection', id: `${ofHost ? THIS_HOST : client} ↔ ${server}` };
}

/** An end with the sick links that it explains: all that is sick there, and nothing that is well. */
export interface SickEnd<Sick> {
  readonly name: string;
  readonly links: readonly [Sick, ...Sick[]];
}

/**
 * The ends that explain sick links, one after the other: of all ends the one with most sick links, of several such the
 * one with fewest that are well, then the one that serves, then one that is a workload we know.
 */
export function sickEnds<Sick extends Pick<Link, 'client' | 'server'>>(
  history: History,
  sick: readonly Sick[],
  well: readonly Pick<Link, 'client' | 'server'>[],
): SickEnd<Sick>[] {
  const known = (name: string): number => (serviceOf(history, name) ? 1 : 0);
  const count = (all: readonly Pick<Link, 'client' | 'server'>[], name: string): number =>
    all.filter((link) => hasEnd(link, name)).length;
  const best = (rest: readonly Sick[]): string | undefined =>
    [...new Set(rest.flatMap(({ client, server }) => [server, client]))]
      .map((name) => ({
        name,
        sick: count(rest, name),
        well: count(well, name),
        serves: rest.filter(({ server }) => server === name).length,
      }))
      .sort(
        (a, b) => b.sick - a.sick || a.well - b.well || b.serves - a.serves || known(b.name) - known(a.name),
      )[0]?.name;
  return inTurn(sick, best, (name, link) => hasEnd(link, name)).map(({ name, explained }) => ({
    name,
    links: explained,
  }));
}
