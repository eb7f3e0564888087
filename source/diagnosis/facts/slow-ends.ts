import type { History } from '../../store/history.js';
import { commonEnds } from './common-ends.js';
import { type Connection, connections, touches } from './connections.js';
import { type Resending, resending } from './inside.js';
import { serviceOf } from './services.js';
import { median } from './slowness.js';
import { earliest } from './values.js';

/** From where a connection is slow, and when slow ones are one delay. */
export interface DelayBounds {
  /** It is slow beyond this many ms … */
  readonly slowConnect: { readonly value: number };
  /** … and beyond so many times what it should take. */
  readonly timesItsBest: { readonly value: number };
  /** Below this share of that it is well again. */
  readonly wellAgainBelow: { readonly value: number };
  /** How far the connections of one delay may lie apart: so many ms, or so large a share of the quickest. */
  readonly spread: { readonly value: number };
  readonly spreadShare: { readonly value: number };
  /** Slow attempts in a row where no comparison tells it at once. */
  readonly slowAttempts: { readonly value: number };
  /** So many slow connections, beside so many others of which so large a share at most is slow, tell it at once. */
  readonly slowTogether: { readonly value: number };
  readonly othersTried: { readonly value: number };
  readonly othersSlowAtMost: { readonly value: number };
  /** What takes so long (ms) has lost its first packet. */
  readonly lostSynFrom: { readonly value: number };
  readonly lostSynTo: { readonly value: number };
  /** What is sent again is counted over so long (ms). */
  readonly retransmitted: { readonly windowMs: number };
}

/** A container that every connection is slow to, or from. */
export interface SlowEnd {
  readonly name: string;
  readonly connections: readonly Connection[];
  /** Milliseconds of a connection now, and as it should be. */
  readonly now: number;
  readonly usual: number;
  /** Between the quickest and the slowest of its connections, ms. */
  readonly spread: number;
  /** Seen often enough, and even enough, to be called a delay. */
  readonly sure: boolean;
  /** Connections that it has no part in, and their middle (ms). */
  readonly others: { readonly count: number; readonly ms: number };
  /** What it and its neighbours send again: the worst of them, or undefined when nothing was read. */
  readonly resent: Resending | undefined;
  /** Wall-clock ms of the first slow attempt in a row. */
  readonly since: number | null;
}

/** The containers that are slow at each of their connections, the one with most of them first. */
export function slowEnds(history: History, bounds: DelayBounds): SlowEnd[] {
  const all = connected(history);
  const usual = usualOf(history, all);
  const slow = all.filter((one) => timeOf(one) > limitOf(usual(one), bounds));
  return wholly(slow, all).map(({ name, explained }) => slowEnd(name, explained));

  function slowEnd(name: string, its: readonly Connection[]): SlowEnd {
    const times = its.map(timeOf);
    const least = Math.min(...times);
    const spread = Math.max(...times) - least;
    const even = spread <= Math.max(bounds.spread.value, bounds.spreadShare.value * least);
    const rest = all.filter((one) => !touches(one, name));
    const ends = its.flatMap(({ source, target }) => [source, target]);
    return {
      name,
      connections: its,
      now: median(times),
      usual: median(its.map(usual)),
      spread,
      sure: even && (isPlain(least, its, rest) || its.every(isLasting)),
      resent: worstOf(history, [name, ...ends], bounds.retransmitted.windowMs),
      since: earliest(...its.map(onset)),
      others: { count: rest.length, ms: median(rest.map(timeOf)) },
    };
  }

  /** Whether the comparison with the others tells a delay at once. */
  function isPlain(least: number, its: readonly Connection[], rest: readonly Connection[]): boolean {
    const { slowTogether, othersTried, othersSlowAtMost, lostSynFrom, lostSynTo } = bounds;
    if (least > lostSynFrom.value && least < lostSynTo.value) return false;
    const alsoSlow = rest.filter((one) => slow.includes(one)).length;
    return (
      its.length >= slowTogether.value &&
      rest.length >= othersTried.value &&
      alsoSlow <= rest.length * othersSlowAtMost.value
    );
  }

  function isLasting(one: Connection): boolean {
    const last = one.ms.slice(-bounds.slowAttempts.value);
    const limit = limitOf(usual(one), bounds);
    return last.length === bounds.slowAttempts.value && last.every(({ value }) => value > limit);
  }

  function onset(one: Connection): number | undefined {
    const limit = limitOf(usual(one), bounds);
    return one.ms[one.ms.findLastIndex(({ value }) => value <= limit) + 1]?.at;
  }
}

/** Whether a container is still slow at each of its connections, or not yet quick with room to spare. */
export function isStillSlow(history: History, name: string, bounds: DelayBounds): boolean {
  const all = connected(history);
  const usual = usualOf(history, all);
  const its = all.filter((one) => touches(one, name));
  return (
    its.length > 0 &&
    its.every((one) => timeOf(one) > limitOf(usual(one), bounds) * bounds.wellAgainBelow.value)
  );
}

/** From how many times a connection's time on, and up to how many and so many ms more, an answer is one round trip. */
export interface RoundTripBounds {
  readonly roundTripLeast: { readonly value: number };
  readonly roundTripMost: { readonly value: number };
  readonly statement: { readonly value: number };
}

/** Whether what took so long (ms) waited for one round trip with the end, and for nothing else. */
export const isOneRoundTrip = (
  ms: number,
  { now }: SlowEnd,
  { roundTripLeast, roundTripMost, statement }: RoundTripBounds,
): boolean => ms > roundTripLeast.value * now && ms < roundTripMost.value * now + statement.value;

/** What these send again: the worst of them, or undefined when nothing was read. */
const worstOf = (history: History, names: readonly string[], ms: number): Resending | undefined =>
  [...new Set(names)]
    .flatMap((one) => resending(history, one, ms) ?? [])
    .sort((a, b) => b.percent - a.percent)[0];

const connected = (history: History): Connection[] =>
  connections(history).filter(({ cell }) => cell.outcome === 'connected');

const timeOf = ({ cell }: Connection): number => cell.ms ?? 0;

/** The ends none of whose connections is quick. */
const wholly = (slow: readonly Connection[], all: readonly Connection[]) =>
  commonEnds(slow, (name) => all.every((one) => !touches(one, name) || slow.includes(one)));

/**
 * What a connection should take: the best it has shown, or what the quickest quarter of all connections between
 * containers take where that is less, since it may have been slow before anybody looked.
 */
function usualOf(history: History, all: readonly Connection[]): (one: Connection) => number {
  const here = all.filter(({ target }) => serviceOf(history, target)?.container !== undefined);
  const times = here.flatMap(({ cell }) => cell.ms ?? []).sort((a, b) => a - b);
  const others = times.length >= 4 ? times[Math.floor((times.length - 1) / 4)] : undefined;
  return (one) => Math.min(one.least ?? timeOf(one), others ?? Number.POSITIVE_INFINITY);
}

const limitOf = (usual: number, { slowConnect, timesItsBest }: DelayBounds): number =>
  Math.max(slowConnect.value, timesItsBest.value * usual);
