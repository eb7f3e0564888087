import { joinHostPort } from '../../linux/ip-address.js';
import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import { isLocal, splitAddress } from './addresses.js';
import { type CutBounds, takesConnections } from './cuts.js';
import { DNS_PORT } from './dns.js';
import { edges, flowOf, type NamedEdge } from './edges.js';
import { isLostWay } from './former-places.js';
import { failingBy, type TargetView } from './http.js';
import { total } from './inside.js';
import { earliest, fresh, known, sum } from './values.js';

/** From when a peer that this host asks is one that nothing comes back from. */
export interface UnansweredBounds extends CutBounds {
  /** SYNs sent again by one connection. */
  readonly retries: { readonly value: number };
  /** So many connections whose SYN was sent again once count as much. */
  readonly together: { readonly value: number };
  /** So do as many that were given up one after the other, where a SYN was sent again in so many looks of that time (ms). */
  readonly inTurn: { readonly value: number; readonly windowMs: number };
  /** A connection that came about within this time (ms) shows the way to be open. */
  readonly open: { readonly windowMs: number };
  /** Failed runs of a target in a row, where no patience has ended. */
  readonly attempts: { readonly value: number };
}

/** A server that this host, or a process of it, asks and hears nothing from. */
export interface Unanswered {
  /** `address:port`. */
  readonly address: string;
  /** As a person calls it: a container, else the address. */
  readonly peer: string;
  /** Who asks, where that is known. */
  readonly owners: readonly string[];
  /** Connections of this host's processes that wait for the answer to their SYN, or lately gave up; how often one was sent again at most. */
  readonly waiting: number;
  readonly retries: number;
  /** Established connections that are not acknowledged any more. */
  readonly stalled: number;
  /** Targets there that we tried ourselves, in vain. */
  readonly tried: readonly TargetView[];
  /** They were refused although somebody listens there. */
  readonly rejected: boolean;
  /** Another port of the same peer, from which something comes back now. */
  readonly answersAt: number | null;
  readonly since: number | null;
}

/** Every one of them; a listener that is full, frozen or gone is none, and neither are the peers `apart`. */
export function unansweredPeers(
  history: History,
  bounds: UnansweredBounds,
  apart: readonly string[],
): Unanswered[] {
  const all = edges(history).filter(({ inside, direction }) => inside === null && direction === 'out');
  const tried = triedInVain(history, bounds);
  const unheard = all.filter((edge) => edge.synSent.retried > 0 && edge.port !== DNS_PORT);
  const waiting = unheard.filter((edge) => !looksAround(edge, unheard, bounds));
  const addresses = new Set([...waiting.map(addressOf), ...tried.keys()]);
  return [...addresses].flatMap((address) => {
    const its = waiting.filter((edge) => addressOf(edge) === address);
    const views = tried.get(address) ?? [];
    const name = its[0]?.peerName ?? null;
    const most = Math.max(0, ...its.map(({ synSent }) => synSent.mostRetries));
    const isOpen = all.some((edge) => addressOf(edge) === address && comesAbout(history, edge, bounds));
    const waitNow = its.reduce((all, { synSent }) => all + synSent.retried, 0);
    const unheardOf = waitNow + givenUp(history, its, bounds);
    const often = most >= bounds.retries.value || unheardOf >= bounds.together.value;
    const sure = views.length > 0 || (often && !isOpen);
    if (!sure || (name !== null && (apart.includes(name) || !takesConnections(history, name, bounds))))
      return [];
    const rejected = isRejected(views);
    if (!rejected && listensHere(history, address) && !hasRoom(history, address, bounds)) return [];
    return [
      {
        address,
        peer: name ?? address,
        owners: [...new Set(its.flatMap(({ owner }) => owner ?? []))],
        waiting: unheardOf,
        retries: most,
        stalled: all
          .filter((edge) => addressOf(edge) === address)
          .reduce((sum, { stalled }) => sum + (stalled ?? 0), 0),
        tried: views,
        rejected,
        answersAt: otherPort(all, address),
        since: earliest(
          ...views.map(({ failingSince }) => failingSince),
          ...its.map(({ synSent }) => history.now - (synSent.ageMs ?? 0)),
        ),
      },
    ];
  });
}

/**
 * Attempts of a client with little patience that it gave up, one after the other: few wait at once. An attempt that is
 * refused fails as well, but is over at once, and is not seen to wait look after look.
 */
function givenUp(history: History, its: readonly NamedEdge[], { inTurn }: UnansweredBounds): number {
  return its.reduce((all, { label }) => {
    const { synSent, failed } = edgeSignals(label);
    const waits = known(history, synSent, inTurn.windowMs).filter(({ value }) => value > 0);
    return waits.length >= inTurn.value ? all + sum(history, failed, inTurn.windowMs) : all;
  }, 0);
}

const addressOf = ({ peer, port }: NamedEdge): string => joinHostPort(peer, port);

/** Whether its process asks so many that nobody is known to be, a scanner or an inventory, that nobody is missed. */
function looksAround(edge: NamedEdge, unheard: readonly NamedEdge[], { looksAround }: CutBounds): boolean {
  const whoAsks = ({ owner, units = [], processes = [] }: NamedEdge): string =>
    [owner, ...units, ...processes].join();
  const asked = unheard.filter((one) => one.peerName === null && whoAsks(one) === whoAsks(edge));
  return edge.peerName === null && new Set(asked.map(addressOf)).size >= looksAround.value;
}

/**
 * Targets whose SYN nobody answered for as long as we wait, those that no way leads to, and those that a firewall rejects,
 * by the address tried.
 */
function triedInVain(history: History, { attempts }: UnansweredBounds): Map<string, TargetView[]> {
  const found = new Map<string, TargetView[]>();
  for (const view of failingBy(history, 'timeout', 'unreachable', 'refused')) {
    const { failure, address } = view.sample;
    const silent = failure?.kind === 'timeout' && failure.phase === 'connect';
    const noWay =
      failure?.kind === 'unreachable' && view.failed >= attempts.value && !isLostWay(history, view.address);
    const rejected = failure?.listens === true && view.failed >= attempts.value;
    if (!silent && !noWay && !rejected) continue;
    const { port } = splitAddress(view.address);
    const at = address === null ? view.address : joinHostPort(address, port);
    found.set(at, [...(found.get(at) ?? []), view]);
  }
  return found;
}

const isRejected = (views: readonly TargetView[]): boolean =>
  views.length > 0 && views.every(({ sample }) => sample.failure?.listens === true);

const comesAbout = (history: History, edge: NamedEdge, { open }: UnansweredBounds): boolean =>
  flowOf(history, edge, open.windowMs).opened > 0;

/** Whether a process of this host listens on that port, for the address that is asked as far as can be told. */
const listensHere = (history: History, address: string): boolean => portOf(history, address) !== undefined;

const portOf = (history: History, address: string) => {
  const { host, port } = splitAddress(address);
  return fresh(history.latest.sockets)?.listeners.find(
    (one) => one.port === port && (isLocal(address) || one.address === host || isAny(one.address)),
  );
};

const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** Whether a listener of this host would take one more: what it drops itself is no cut. */
function hasRoom(history: History, address: string, { fullListener }: CutBounds): boolean {
  const queue = portOf(history, address);
  const dropped = total(history, 'kernel.TcpExt.ListenDrops', fullListener.windowMs) ?? 0;
  const room = !queue || queue.backlog === null || 2 * queue.queued <= queue.backlog;
  return room && dropped < fullListener.value;
}

/** A port of the same peer at which something was received since the look before. */
function otherPort(all: readonly NamedEdge[], address: string): number | null {
  const { host, port } = splitAddress(address);
  const peer = host.replace(/^\[|\]$/g, '');
  return all.find((one) => one.peer === peer && one.port !== port && (one.received ?? 0) > 0)?.port ?? null;
}
