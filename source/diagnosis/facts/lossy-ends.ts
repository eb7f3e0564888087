import type { History } from '../../store/history.js';
import { inTurn } from './common-ends.js';
import { type Connection, connections, endsOf, lately, neededOf, peersOf, touches } from './connections.js';
import { insides, type Resending, resending, total } from './inside.js';
import { known, STREAK_MS } from './values.js';

/** From when segments that are sent again are lost ones. */
export interface LossBounds {
  /** Sent again as a share of those sent (percent), over this time. */
  readonly retransmitted: { readonly raise: number; readonly windowMs: number };
  /** Of those sent again, so many did not only want to open a connection. */
  readonly leastDataSegments: { readonly value: number };
  /** So large a share of the readings of this time shows it, and so many at least. */
  readonly shareOfReadings: { readonly value: number; readonly windowMs: number };
  readonly leastReadings: { readonly value: number };
  /** A connection that took so long (ms) lost its first packet; attempts of this time count. */
  readonly lateConnect: { readonly value: number; readonly windowMs: number };
  readonly lateConnectRounds: { readonly windowMs: number };
}

/** Connection attempts of the last minute, and how many of them lost packets. */
export interface Attempts {
  readonly made: number;
  /** Took the kernel's second try, or never came about. */
  readonly hurt: number;
  readonly connected: number;
  /** The quickest of them (ms), or undefined. */
  readonly least: number | undefined;
  /** The slowest that still connected (ms), or undefined. */
  readonly slowest: number | undefined;
}

/** The container on whose connections segments get lost. */
export interface LossyEnd {
  readonly name: string;
  /** Who sends again, the most first. */
  readonly resenders: readonly [Resending, ...Resending[]];
  /** Its connections that are tried. */
  readonly connections: readonly Connection[];
  readonly attempts: Attempts;
  /** Wall-clock ms of the first reading of the run in which they do so. */
  readonly since: number | null;
  /** Rounds in which one of its connections lost its first packet and came about by the second. */
  readonly rounds: number;
  /** The same lately only. */
  readonly roundsLately: number;
  /** Connections that full listeners of those who take part dropped; undefined when not read. */
  readonly overflows: number | undefined;
  /** Some of them still let a connection through, tried since they began to resend. */
  readonly through: boolean;
}

/** The containers that send a part of their segments again now, the worst first. */
export const resenders = (history: History, bounds: LossBounds): Resending[] =>
  insides(history)
    .flatMap(({ name }) => resending(history, name, bounds.retransmitted.windowMs) ?? [])
    .filter(({ name, percent, again, opening }) => {
      const much = percent >= bounds.retransmitted.raise && again - opening >= bounds.leastDataSegments.value;
      return much && lasts(history, name, bounds);
    })
    .sort((a, b) => b.percent - a.percent);

/** Whether a container sends again in most of its last readings. */
function lasts(
  history: History,
  name: string,
  { shareOfReadings, leastReadings, retransmitted }: LossBounds,
): boolean {
  const last = known(history, `kernel.retransPercent{${name}}`, shareOfReadings.windowMs);
  const hit = last.filter(({ value }) => value >= retransmitted.raise).length;
  return hit >= leastReadings.value && hit >= shareOfReadings.value * last.length;
}

/**
 * The containers on whose connections segments get lost, one after the other: the one that explains most of those who
 * send again, then the one that explains most of the rest. Empty while nobody sends again.
 */
export function lossyEnds(history: History, bounds: LossBounds): LossyEnd[] {
  const all = connections(history);
  const talk = neededOf(all);
  return inTurn(
    resenders(history, bounds),
    (rest) => endOf(history, rest, all, bounds) ?? rest[0]?.name,
    (name, one) => one.name === name || peersOf(talk, name).includes(one.name),
  ).map(({ name, explained }) => lossyEnd(history, name, explained, all, bounds));
}

function lossyEnd(
  history: History,
  name: string,
  found: LossyEnd['resenders'],
  all: readonly Connection[],
  bounds: LossBounds,
): LossyEnd {
  const part = [name, ...found.map((one) => one.name)];
  const inner = all.filter(({ source, target }) => part.includes(source) && part.includes(target));
  const its = all.filter((one) => touches(one, name));
  const since = onset(history, found, bounds);
  return {
    name,
    resenders: found,
    connections: its,
    attempts: attemptsOf(history, its, bounds),
    rounds: roundsOf(history, its, bounds, bounds.lateConnect.windowMs),
    roundsLately: roundsOf(history, its, bounds, bounds.lateConnectRounds.windowMs),
    since,
    overflows: overflowsOf(
      history,
      [...part, ...its.map(({ target }) => target)],
      bounds.retransmitted.windowMs,
    ),
    through:
      inner.length === 0 ||
      inner.some(({ failed, ok }) => failed === 0 && (ok.at(-1)?.at ?? 0) > (since ?? 0)),
  };
}

/**
 * The container that stands at an end of every connection on which somebody sends again, by those that are needed: its
 * own packets and those of all who talk with it suffer, while their other connections do not. Of several such the one
 * with most attempts that were hurt.
 */
function endOf(
  history: History,
  found: readonly Resending[],
  all: readonly Connection[],
  bounds: LossBounds,
): string | undefined {
  const names = new Set(found.map(({ name }) => name));
  const talk = neededOf(all);
  const scored = endsOf(all).map((name) => {
    const beside = peersOf(talk, name);
    const sick = beside.filter((other) => names.has(other)).length;
    const its = all.filter((one) => touches(one, name));
    const { made, hurt } = attemptsOf(history, its, bounds);
    return {
      name,
      left: names.size - sick - (names.has(name) ? 1 : 0),
      hurt: made === 0 ? 0 : hurt / made,
      share: beside.length === 0 ? 0 : sick / beside.length,
    };
  });
  return scored.sort((a, b) => a.left - b.left || b.hurt - a.hurt || b.share - a.share)[0]?.name;
}

/** What became of the attempts of some connections lately. */
function attemptsOf(history: History, its: readonly Connection[], { lateConnect }: LossBounds): Attempts {
  const { windowMs, value: fromMs } = lateConnect;
  const ok = its.flatMap((one) => lately(history, one.ok, windowMs));
  const ms = its.flatMap((one) => lately(history, one.ms, windowMs)).map(({ value }) => value);
  const connected = ok.filter(({ value }) => value === 1).length;
  return {
    made: ok.length,
    connected,
    hurt: ok.length - connected + ms.filter((value) => value >= fromMs).length,
    least: ms.length === 0 ? undefined : Math.min(...ms),
    slowest: ms.length === 0 ? undefined : Math.max(...ms),
  };
}

/**
 * Times of the last `ms` at which a connection took the kernel's second try; none where one connection alone did: that
 * is a matter of its listener.
 */
function roundsOf(
  history: History,
  its: readonly Connection[],
  { lateConnect }: LossBounds,
  ms: number,
): number {
  const late = its.map((one) =>
    lately(history, one.ms, ms).filter(({ value }) => value >= lateConnect.value),
  );
  if (late.filter((points) => points.length > 0).length < 2) return 0;
  return new Set(late.flat().map(({ at }) => at)).size;
}

/** Whether so many connections were dropped by full listeners, and so little data sent again, that they explain it all. */
export function onlyFullListeners(
  { overflows, resenders: all }: LossyEnd,
  { listenOverflows, retransmitted }: LossBounds & { readonly listenOverflows: { readonly value: number } },
): boolean {
  if ((overflows ?? 0) < listenOverflows.value) return false;
  return all.every(({ again, opening, sent }) => {
    const data = Math.max(0, again - opening);
    return (100 * data) / Math.max(1, sent) < retransmitted.raise;
  });
}

/** The first reading of the newest unbroken run in which one of them sent again. */
function onset(history: History, found: readonly Resending[], { retransmitted }: LossBounds): number | null {
  const times = found.flatMap(({ name }) => {
    const points = known(history, `kernel.retransPercent{${name}}`, STREAK_MS);
    const lastWell = points.findLastIndex(({ value }) => value < retransmitted.raise);
    return points[lastWell + 1]?.at ?? [];
  });
  return times.length === 0 ? null : Math.min(...times);
}

/** Connections that full listeners of these dropped in the last `ms`; undefined when that was not read. */
function overflowsOf(history: History, names: readonly string[], ms: number): number | undefined {
  const counts = [...new Set(names)].flatMap(
    (one) => total(history, `kernel.TcpExt.ListenOverflows{${one}}`, ms) ?? [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
