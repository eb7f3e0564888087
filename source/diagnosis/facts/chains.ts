import { joinHostPort } from '../../linux/ip-address.js';
import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { placeOf } from '../places.js';
import { isLocal, splitAddress } from './addresses.js';
import { connections } from './connections.js';
import { edges, type NamedEdge } from './edges.js';
import { insideOf } from './inside.js';
import { onceALook, onceALookBy } from './once-a-look.js';
import { addressesOf, answersNobody, formerAddressesOf, isGone, serviceOf } from './services.js';

/** Whom workloads and processes of this host depend on, followed along the connections that they hold. */

/** How long a request may be without an answer (ms) before who asked is said to wait. */
export interface WaitBounds {
  readonly unanswered: { readonly value: number };
}

/** One that waits for another. */
export interface Link {
  readonly waiter: string;
  /** Workload that it waits for, or its address where that is none we know. */
  readonly on: string;
  /** `address:port` that it asked. */
  readonly address: string;
  readonly service: ServiceSample | undefined;
  readonly edge: NamedEdge;
  /** Requests without an answer, and how long the oldest waits (ms); 0 where it waits for a connection. */
  readonly requests: number;
  readonly forMs: number;
  /** What it waits for is seen to answer nobody: it has ended, or is frozen. */
  readonly seenSick: boolean;
}

/** Longest chain that is followed: what is longer goes round. */
const MOST_LINKS = 8;

/**
 * The chain of waits that begins at a workload, or at a `host:port` that a process of this host serves, the last one
 * that is waited for at its end; empty where it waits for nobody. Of several it follows the one that is seen to be sick,
 * else the longest wait.
 */
export function chainFrom(history: History, start: string, bounds: WaitBounds): readonly Link[] {
  const chain: Link[] = [];
  const seen = new Set([placeOf(start)]);
  for (let at = start; chain.length < MOST_LINKS; ) {
    const [next] = linksOf(history, at, bounds).filter(({ on }) => !seen.has(placeOf(on)));
    if (!next) break;
    chain.push(next);
    seen.add(placeOf(next.on));
    at = next.on;
  }
  return chain;
}

function linksOf(history: History, from: string, bounds: WaitBounds): Link[] {
  const served = isLocal(from) ? servedBy(history, splitAddress(from).port) : undefined;
  return edges(history)
    .filter(({ direction }) => direction === 'out')
    .flatMap((edge) => {
      const waiter = served ? isOfHost(edge) && holderAmong(served, edge) : edge.owner === from && from;
      return (waiter && linkOf(history, waiter, edge, bounds)) || [];
    })
    .sort((a, b) => Number(b.seenSick) - Number(a.seenSick) || b.forMs - a.forMs);
}

const isOfHost = ({ inside, owner }: NamedEdge): boolean => inside === null && owner === null;

interface Holders {
  readonly names: ReadonlySet<string>;
  readonly pids: ReadonlySet<number>;
}

/** Processes of this host that hold connections which came to a port of it. */
function servedBy(history: History, port: number): Holders {
  const came = edges(history).filter(
    (edge) => isOfHost(edge) && edge.direction === 'in' && edge.port === port,
  );
  return {
    names: new Set(came.flatMap(({ processes }) => processes ?? [])),
    pids: new Set(came.flatMap(({ pids }) => pids ?? [])),
  };
}

/** One of them that holds an edge, by name: the same process where their numbers are known, else one of the same name. */
function holderAmong({ names, pids }: Holders, edge: NamedEdge): string | undefined {
  if (edge.pids && pids.size > 0 && !edge.pids.some((pid) => pids.has(pid))) return undefined;
  return edge.processes?.find((name) => names.has(name));
}

function linkOf(history: History, waiter: string, edge: NamedEdge, bounds: WaitBounds): Link | undefined {
  const { synSent, stalled, unanswered, received, peerName, peerText, peer, port } = edge;
  const service = peerName === null ? undefined : serviceOf(history, peerName);
  const seenSick = service !== undefined && answersNobody(service);
  const opens = synSent.retried > 0 || (stalled ?? 0) > 0;
  // Where anything still comes back, a connection that is quiet is one that nobody answers by design.
  const silent = received === 0 && (unanswered?.longestMs ?? 0) >= bounds.unanswered.value;
  const asked = seenSick && (unanswered?.count ?? 0) > 0;
  if (!opens && !silent && !asked) return undefined;
  return {
    ...{ waiter, on: peerText, service, edge, seenSick },
    address: joinHostPort(peer, port),
    requests: unanswered?.count ?? 0,
    forMs: Math.max(unanswered?.longestMs ?? 0, synSent.ageMs ?? 0),
  };
}

/** "front waits for middle, middle waits for back". */
export const chainText = (chain: readonly Link[]): string =>
  chain.map(({ waiter, on }) => `${waiter} waits for ${on}`).join(', ');

/** What one workload is connected to, and whatever that is connected to in turn, itself among them. */
interface Behind {
  readonly names: ReadonlySet<string>;
  /** The connections of all of them were read: who is not among these stands behind none of them now. */
  readonly whole: boolean;
}

/** Whom each workload needs, as its connections show it and as it is said. */
const neededBySource = onceALook((history): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  const add = (source: string, target: string): void => {
    const known = found.get(source);
    if (known) known.add(target);
    else found.set(source, new Set([target]));
  };
  for (const { owner, direction, peerName } of edges(history))
    if (owner !== null && direction === 'out' && peerName !== null) add(owner, peerName);
  for (const { source, target, needed } of connections(history)) if (needed) add(source, target);
  return found;
});

const behind = onceALookBy(followed);

function followed(history: History, name: string): Behind {
  const names = new Set([name]);
  let whole = true;
  const needed = neededBySource(history);
  for (const at of names) {
    const read = insideOf(history, at)?.sockets?.edges;
    if (!read || read.left > 0 || read.sampled < 1) whole = false;
    for (const name of needed.get(at) ?? []) names.add(name);
  }
  return { names, whole };
}

/** The edges by which a workload, and whoever stands behind it, asks others. */
export const needs = (history: History, name: string): NamedEdge[] => {
  const { names } = behind(history, name);
  return edges(history).filter(
    ({ owner, direction }) => direction === 'out' && owner !== null && names.has(owner),
  );
};

/** Whether all that a workload is connected to was read, itself and whatever stands behind it. */
export const isWhole = (history: History, name: string): boolean => behind(history, name).whole;

/** Whether a workload is the other, or stands behind it along connections. */
export const isBehind = (history: History, name: string, other: string): boolean =>
  behind(history, name).names.has(other);

/**
 * Whether one workload may be what another waits for: along the connections that are held, were seen or are said to be
 * needed. `undefined` where these do not tell: they could not be read, or it has ended, and so has what led to it.
 */
export function leadsTo(history: History, from: ServiceSample, to: ServiceSample): boolean | undefined {
  const { names, whole } = behind(history, from.name);
  if (names.has(to.name)) return true;
  if (!isGone(to)) return whole ? false : undefined;
  return [...names].some((name) => everConnected(history, name, to)) ? true : undefined;
}

/** Whether a connection of one with the other was counted at any time. */
function everConnected(history: History, name: string, to: ServiceSample): boolean {
  const addresses = [...addressesOf(to), ...formerAddressesOf(history, to)];
  return (
    addresses.length > 0 &&
    history.signals().some((signal) => addresses.some((address) => signal.includes(`{${name}→${address}:`)))
  );
}
