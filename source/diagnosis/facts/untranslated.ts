import { joinHostPort } from '../../linux/ip-address.js';
import { holds, rangeOf } from '../../linux/proc-net/own-addresses.js';
import { isPrivate } from '../../probes/matrix/edges/proven.js';
import type { Forwarded } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { plural } from '../../terminal/format.js';
import { placeOf, placeOfSubject, workloadPlace } from '../places.js';
import { aroundClients, lookupsOf } from './blast-radius.js';
import { edges } from './edges.js';
import { apartFromHost } from './own-networks.js';
import { serviceAt } from './services.js';
import { fresh } from './values.js';

/** A connection that leaves under a private address, and that is not answered. */
export interface Untranslated extends Forwarded {
  readonly address: string;
  /** Container that asks; null where the source is none that we watch. */
  readonly client: string | null;
  /** The router itself is answered there, under its own address. */
  readonly reachedByRouter: boolean;
}

/** A router that forwards such connections. */
export interface LeavesUntranslated {
  /** Container; null for this host. */
  readonly router: string | null;
  readonly flows: readonly [Untranslated, ...Untranslated[]];
  /** Connections that its clients wait for. */
  readonly waiting: number;
  readonly radius: readonly string[];
}

/** From how many SYNs a connection counts as one that is not answered. */
export interface UntranslatedBounds {
  readonly syns: { readonly value: number };
}

/**
 * Every router that lets connections out under the private addresses of who asks, to where nobody knows the way back to
 * those: a peer of this machine that has none, a public one, or one that the router is answered by under its own address.
 * Where others under such an address are answered, it is meant so: a network that is routed.
 */
export function leavesUntranslated(history: History, bounds: UntranslatedBounds): LeavesUntranslated[] {
  const routers: { readonly router: string | null; readonly all: readonly Forwarded[] }[] = [
    { router: null, all: fresh(history.latest.sockets)?.forwarded ?? [] },
    ...apartFromHost(history).map(({ name, forwarded = [] }) => ({ router: name, all: forwarded })),
  ];
  return routers.flatMap(({ router, all }) => {
    const [first, ...rest] = all
      .filter((one) => one.syns >= bounds.syns.value && !isRouted(one, all))
      .map((one) => untranslated(history, router, one))
      .filter(isLost);
    if (!first) return [];
    const flows: LeavesUntranslated['flows'] = [first, ...rest];
    const waits = edges(history).filter(
      (edge) =>
        edge.direction === 'out' &&
        edge.synSent.retried > 0 &&
        flows.some((flow) => flow.address === joinHostPort(edge.peer, edge.port)),
    );
    const clients = [
      ...new Set([...flows.map(({ client }) => client), ...waits.map(({ owner }) => owner)]),
    ].flatMap((name) => name ?? []);
    return [
      {
        ...{ router, flows },
        waiting: waits.reduce((sum, { synSent }) => sum + synSent.retried, 0),
        radius: [
          ...aroundClients(history, clients),
          ...lookupsOf(history, clients),
          ...flows.flatMap(({ address, peer }) => [
            ...[
              placeOf(address),
              workloadPlace(address),
              workloadPlace(serviceAt(history, address)?.name ?? peer),
            ],
            ...clients.map((name) => placeOfSubject({ kind: 'connection', id: `${name} → ${address}` })),
          ]),
        ],
      },
    ];
  });
}

/** That no rule of this host translates a source, where its rules are read. */
export function rulesText(
  history: History,
  { router, flows: [{ source }] }: LeavesUntranslated,
): string | undefined {
  const rules = router === null ? fresh(history.latest.settings)?.nat : null;
  const covers = (network: string): boolean => {
    const [first = '', bits = '32'] = network.split('/');
    return holds([rangeOf(first, Number(bits))], source);
  };
  if (!rules || rules.some((rule) => rule.source === null || covers(rule.source))) return undefined;
  return `none of ${plural(rules.length, 'rule')} of this host that translate source addresses is for ${source}`;
}

const isRouted = (one: Forwarded, all: readonly Forwarded[]): boolean =>
  !isPrivate(one.source) ||
  all.some((other) => other.answers > 0 && (other.source === one.source || other.peer === one.peer));

function untranslated(history: History, router: string | null, one: Forwarded): Untranslated {
  const { source, peer, port } = one;
  const address = joinHostPort(peer, port);
  const asking = edges(history).find(
    (edge) =>
      edge.direction === 'out' &&
      edge.peer === peer &&
      edge.port === port &&
      edge.synSent.retried > 0 &&
      edge.inside !== router,
  );
  return {
    ...one,
    address,
    client: serviceAt(history, `${source}:0`)?.name ?? asking?.owner ?? null,
    reachedByRouter: edges(history).some(
      (edge) =>
        edge.inside === router &&
        edge.direction === 'out' &&
        edge.peer === peer &&
        ((edge.received ?? 0) > 0 || (edge.opened ?? 0) > 0 || (edge.states.ESTAB ?? 0) > 0),
    ),
  };
}

const isLost = ({ wayBack, peer, reachedByRouter }: Untranslated): boolean =>
  wayBack === false || (wayBack === null && (!isPrivate(peer) || reachedByRouter));
