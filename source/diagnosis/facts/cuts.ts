import type { History } from '../../store/history.js';
import { splitAddress } from './addresses.js';
import { commonEnds } from './common-ends.js';
import { type Connection, connections, neededOf, touches } from './connections.js';
import { DNS_PORT } from './dns.js';
import { isLeftBehind } from './former-places.js';
import { insideOf, total } from './inside.js';
import { isNoWay, missesWay } from './no-way.js';
import { addressesOf, answersNobody, serviceOf } from './services.js';

/** From when connections that nothing gets through are a cut, and not something else. */
export interface CutBounds {
  /** Attempts in a row that fail where one connection alone is cut. */
  readonly attempts: { readonly value: number };
  /** Another connection to the same target that took so long (ms) meanwhile is loss, not a cut. */
  readonly lossBeside: { readonly value: number };
  /** A listener that dropped so many connections within that time (ms) is full. */
  readonly fullListener: { readonly value: number; readonly windowMs: number };
  /** Who asks so many addresses in vain that nobody is known to have, and that never answered, looks for somebody. */
  readonly looksAround: { readonly value: number };
}

/** Connections that nothing gets through, with the one end that they share. */
export interface Cut {
  /** Who cannot connect, and to whom: as their applications do where that is known. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** Those connections. */
  readonly connections: readonly Connection[];
  /** The end that all of them share. */
  readonly shared: string;
  /**
   * Half-open connections: at a target from a source (it heard, its answer got lost), and at a source from a target
   * where that was tried.
   */
  readonly heard: number;
  readonly heardBack: number;
  /** Connections of the sources that still wait for an answer of a target. */
  readonly waiting: number;
  /** Connections between its ends, either way, that fail before a packet leaves: their sources know no way. */
  readonly noWay: readonly Connection[];
  /** Wall-clock ms of the first attempt that failed. */
  readonly since: number | null;
  /** Seen often enough, and on a target that is well. */
  readonly sure: boolean;
}

/**
 * The cuts between containers now: the end that explains most of the connections that nothing gets through, then the
 * one that explains most of the rest. Connections of those `apart` are left out: they are explained already.
 */
export function cuts(history: History, bounds: CutBounds, apart: readonly string[] = []): Cut[] {
  const all = connections(history);
  const dead = deadOf(history, all, bounds).filter((one) => !apart.some((name) => touches(one, name)));
  return commonEnds(dead).map(({ name, explained }) => {
    const main = inOneDirection(neededOf(explained), name);
    const sources = unique(main.map(({ source }) => source));
    const targets = unique(main.map(({ target }) => target));
    const times = explained.flatMap(({ failingSince }) => failingSince ?? []);
    return {
      sources,
      targets,
      connections: main,
      shared: name,
      heard: heardAt(history, targets, sources),
      heardBack: heardAt(history, sources, targets),
      waiting: waitingAt(history, sources, main),
      noWay: all.filter((one) => isNoWay(one) && main.some((other) => areSameEnds(one, other))),
      since: times.length === 0 ? null : Math.min(...times),
      sure: !isLossy(all, explained, Math.min(...times), bounds) && lasts(all, explained, bounds),
    };
  });
}

/**
 * Connections that nothing gets through although both ends run: at an address that a container left behind nobody is. Where a resolver's port alone is out of reach that is a
 * matter of DNS, not of the network between them.
 */
function deadOf(history: History, all: readonly Connection[], bounds: CutBounds): Connection[] {
  const dead = all.filter(
    (one) =>
      (one.cell.outcome === 'timeout' || one.cell.outcome === 'unreachable' || missesWay(history, one)) &&
      takesConnections(history, one.target, bounds) &&
      isThere(history, one.source) &&
      !isLeftBehind(history, one),
  );
  const sought = soughtOf(history, dead, bounds);
  return dead.filter(
    (one) =>
      !sought.has(one) &&
      (splitAddress(one.address).port !== DNS_PORT ||
        dead.some((other) => other !== one && touches(other, one.source) && touches(other, one.target))),
  );
}

/** What a scanner or an inventory asks, to see who is there: nobody is missed. */
function soughtOf(
  history: History,
  dead: readonly Connection[],
  { looksAround }: CutBounds,
): ReadonlySet<Connection> {
  const unknown = dead.filter(
    ({ target, least }) => least === undefined && serviceOf(history, target) === undefined,
  );
  const asks = (name: string): number => unknown.filter(({ source }) => source === name).length;
  return new Set(unknown.filter(({ source }) => asks(source) >= looksAround.value));
}

/** Connections to the shared end, or from it where there is none to it. */
function inOneDirection(some: readonly Connection[], shared: string): readonly Connection[] {
  const to = some.filter(({ target }) => target === shared);
  return to.length > 0 ? to : some;
}

const areSameEnds = (one: Connection, other: Connection): boolean =>
  touches(other, one.source) && touches(other, one.target);

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Whether a container runs, as far as that is known. */
function isThere(history: History, name: string): boolean {
  const service = serviceOf(history, name);
  return service === undefined || !answersNobody(service);
}

/** Whether it runs and would take a connection that reached it: a full listener drops it as well. */
export function takesConnections(
  history: History,
  name: string,
  { fullListener }: Pick<CutBounds, 'fullListener'>,
): boolean {
  const overflows = total(history, `kernel.TcpExt.ListenOverflows{${name}}`, fullListener.windowMs) ?? 0;
  const full = insideOf(history, name)?.sockets?.listeners.some(
    ({ queued, backlog }) => backlog !== null && backlog > 0 && queued > backlog,
  );
  return isThere(history, name) && overflows < fullListener.value && !full;
}

/**
 * Whether other connections to the same targets take a second try since it fails: then packets get lost. What was
 * before says nothing: a cut may have ended just then.
 */
function isLossy(
  all: readonly Connection[],
  dead: readonly Connection[],
  since: number,
  { lossBeside }: CutBounds,
): boolean {
  const targets = new Set(dead.map(({ target }) => target));
  return all.some(
    (one) =>
      !dead.includes(one) &&
      targets.has(one.target) &&
      one.ms.some(({ at, value }) => at >= since && value >= lossBeside.value),
  );
}

/** Several that share an end count at once, where nothing else gets through between the same two. */
function lasts(
  all: readonly Connection[],
  dead: readonly Connection[],
  { attempts }: Pick<CutBounds, 'attempts'>,
): boolean {
  const through = all.some(
    ({ cell, source, target }) =>
      cell.outcome === 'connected' && dead.some((one) => touches(one, source) && touches(one, target)),
  );
  return (dead.length > 1 && !through) || dead.every(({ failed }) => failed >= attempts.value);
}

/** Half-open connections at the targets whose peer is one of the sources. */
function heardAt(history: History, targets: readonly string[], sources: readonly string[]): number {
  const from = sources.flatMap((name) => {
    const service = serviceOf(history, name);
    return service ? addressesOf(service) : [];
  });
  return countOf(history, targets, 'SYN-RECV', (peer) => from.includes(peer));
}

function waitingAt(history: History, sources: readonly string[], dead: readonly Connection[]): number {
  const to = dead.map(({ address }) => splitAddress(address).host);
  return countOf(history, sources, 'SYN-SENT', (peer) => to.includes(splitAddress(peer).host));
}

/** Connections in a state inside containers whose peer is one of some. */
const countOf = (
  history: History,
  names: readonly string[],
  state: 'SYN-RECV' | 'SYN-SENT',
  isPeer: (peer: string) => boolean,
): number =>
  names
    .flatMap((name) => insideOf(history, name)?.sockets?.topPeers[state] ?? [])
    .filter(({ peer }) => isPeer(peer))
    .reduce((sum, { count }) => sum + count, 0);
