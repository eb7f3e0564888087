import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { resolvers } from '../../source/diagnosis/facts/dns.js';
import { insideOf, total } from '../../source/diagnosis/facts/inside.js';
import { addressesOf, isFrozen, isGone, serviceOf } from '../../source/diagnosis/facts/services.js';
import { endsOf, neededOf, touches, type Way, ways } from '../../source/diagnosis/facts/ways.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

const DNS_PORT = 53;

/** Ways that nothing gets through, with the one end that they share. */
export interface Cut {
  /** Who cannot connect, and to whom: as their applications do where that is known. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  /** Those ways, and the same with the ways that nobody needs. */
  readonly ways: readonly Way[];
  readonly all: readonly Way[];
  /** The end that all of them share. */
  readonly shared: string;
  /**
   * Half-open connections: at a target from a source (it heard, its answer got lost), and at a source from a target
   * where that way was tried.
   */
  readonly heard: number;
  readonly heardBack: number;
  /** Connections of the sources that still wait for an answer of a target. */
  readonly waiting: number;
  /** Wall-clock ms of the first attempt that failed. */
  readonly since: number | null;
  /** Seen often enough, and on a target that is well. */
  readonly sure: boolean;
}

/** The ways that nothing gets through now, or undefined when there is none. */
export function cutOf(history: History): Cut | undefined {
  const all = ways(history);
  const dead = deadOf(history, all);
  const shared = endsOf(dead).sort((a, b) => count(dead, b) - count(dead, a))[0];
  if (shared === undefined) return undefined;
  const its = dead.filter((way) => touches(way, shared));
  const main = inOneDirection(neededOf(its), shared);
  const sources = unique(main.map(({ source }) => source));
  const targets = unique(main.map(({ target }) => target));
  const times = its.flatMap(({ failingSince }) => failingSince ?? []);
  return {
    sources,
    targets,
    ways: main,
    all: its,
    shared,
    heard: heardAt(history, targets, sources),
    heardBack: heardAt(history, sources, targets),
    waiting: waitingAt(history, sources, main),
    since: times.length === 0 ? null : Math.min(...times),
    sure: !isLossy(all, its, Math.min(...times)) && lasts(all, its),
  };
}

/**
 * Ways that nothing gets through although both ends run. Where a resolver's port alone is out of reach that is a matter
 * of DNS, not of the network between them.
 */
function deadOf(history: History, all: readonly Way[]): Way[] {
  const dead = all.filter(
    ({ cell, source, target }) =>
      (cell.outcome === 'timeout' || cell.outcome === 'unreachable') &&
      takesConnections(history, target) &&
      isThere(history, source),
  );
  return dead.filter(
    (way) =>
      splitAddress(way.address).port !== DNS_PORT ||
      dead.some((other) => other !== way && touches(other, way.source) && touches(other, way.target)),
  );
}

/** Ways to the shared end, or from it where there is none to it. */
function inOneDirection(some: readonly Way[], shared: string): readonly Way[] {
  const to = some.filter(({ target }) => target === shared);
  return to.length > 0 ? to : some;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

const count = (some: readonly Way[], name: string): number => some.filter((way) => touches(way, name)).length;

/** Whether a container runs, as far as that is known. */
function isThere(history: History, name: string): boolean {
  const service = serviceOf(history, name);
  return service === undefined || (!isGone(service) && !isFrozen(service));
}

/** Whether it runs and would take a connection that reached it: a full listener drops it as well. */
function takesConnections(history: History, name: string): boolean {
  const overflows = total(history, `kernel.TcpExt.ListenOverflows{${name}}`, THRESHOLDS.full.windowMs) ?? 0;
  const full = insideOf(history, name)?.sockets?.listeners.some(
    ({ queued, backlog }) => backlog !== null && backlog > 0 && queued > backlog,
  );
  return isThere(history, name) && overflows < 1 && !full;
}

/**
 * Whether other connections to the same targets take a second try since it fails: then packets get lost. What was
 * before says nothing: a partition may have ended just then.
 */
function isLossy(all: readonly Way[], dead: readonly Way[], since: number): boolean {
  const targets = new Set(dead.map(({ target }) => target));
  return all.some(
    (way) =>
      !dead.includes(way) &&
      targets.has(way.target) &&
      way.ms.some(({ at, value }) => at >= since && value >= THRESHOLDS.lossy.fromMs),
  );
}

/** Several that share an end count at once, where nothing else gets through between the same two. */
function lasts(all: readonly Way[], dead: readonly Way[]): boolean {
  const through = all.some(
    (way) =>
      way.cell.outcome === 'connected' &&
      dead.some((one) => touches(one, way.source) && touches(one, way.target)),
  );
  return (dead.length > 1 && !through) || dead.every(({ failed }) => failed >= THRESHOLDS.attempts.value);
}

/** Half-open connections at the targets whose peer is one of the sources. */
function heardAt(history: History, targets: readonly string[], sources: readonly string[]): number {
  const from = new Set(sources.flatMap((name) => addresses(history, name)));
  return sum(
    targets.flatMap((name) =>
      (insideOf(history, name)?.sockets?.topPeers['SYN-RECV'] ?? [])
        .filter(({ peer }) => from.has(peer))
        .map((each) => each.count),
    ),
  );
}

function waitingAt(history: History, sources: readonly string[], dead: readonly Way[]): number {
  const to = new Set(dead.map(({ address }) => splitAddress(address).host));
  return sum(
    sources.flatMap((name) =>
      (insideOf(history, name)?.sockets?.topPeers['SYN-SENT'] ?? [])
        .filter(({ peer }) => to.has(splitAddress(peer).host))
        .map((each) => each.count),
    ),
  );
}

function addresses(history: History, name: string): string[] {
  const service = serviceOf(history, name);
  return service ? addressesOf(service) : [];
}

const sum = (figures: readonly number[]): number => figures.reduce((all, one) => all + one, 0);

/** Who else reaches a target of the cut meanwhile, and how quickly: another container, or this host. */
export function reachedBy(history: History, cut: Cut): string | undefined {
  const other = ways(history).find(
    ({ source, target, cell }) =>
      cell.outcome === 'connected' && cut.targets.includes(target) && !cut.sources.includes(source),
  );
  if (other) return `${other.source} connects with ${other.target} in ${milliseconds(other.cell.ms ?? 0)}`;
  return hostReaches(history, cut.targets);
}

function hostReaches(history: History, targets: readonly string[]): string | undefined {
  const asked = history.latest.postgres;
  if (!asked || asked.stale || asked.sample.failure || asked.sample.selectOneMs === null) return undefined;
  const { port, host } = splitAddress(asked.sample.address);
  const name = targets.find((target) => {
    const service = serviceOf(history, target);
    return (
      service && (service.ports.some((open) => open.port === port) || addressesOf(service).includes(host))
    );
  });
  return name && `this host asks ${name}: SELECT 1 in ${milliseconds(asked.sample.selectOneMs)}`;
}

const milliseconds = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);

/** A lookup that one of the sources got answered lately, in words, or undefined. */
export function lookupOf(history: History, sources: readonly string[]): string | undefined {
  const view = resolvers(history).find(
    ({ asker, names }) =>
      asker !== null && sources.includes(asker) && names.some((name) => name.sample.resolved),
  );
  const name = view?.names.find(({ sample }) => sample.resolved);
  return view && name && `${view.asker} resolves ${name.name} in ${milliseconds(name.sample.totalMs)}`;
}
