import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { gather } from '../evidence.js';
import { placeOf } from '../places.js';
import type { Thresholds } from '../threshold.js';
import { commonEnds } from './common-ends.js';
import { type Connection, connections, peersOf, touches } from './connections.js';
import { database } from './database.js';
import { type Resending, resending } from './inside.js';
import { readSince } from './read-since.js';
import { serviceOf, whoText } from './services.js';
import { slowerText, slowestTarget } from './slow-targets.js';
import { median } from './slowness.js';
import { earliest } from './values.js';

const EVEN = 'measured: a delay differs by milliseconds, loss by a second';
const COMPARED = 'our choice: slow together while the others are quick is a delay at once, not our own pause';

/** When slow connections are one delay, by what weighs nothing itself. */
export const ONE_DELAY = {
  timesItsBest: { unit: 'times', value: 5, source: 'our choice: five times its own best' },
  wellAgainBelow: {
    unit: 'share',
    value: 0.5,
    source: 'our choice: half of what it is slow beyond, so that it does not come and go',
  },
  /** How far its connections may lie apart: so large a share of the quickest, or so many ms. */
  spreadShare: { unit: 'share', value: 0.6, source: EVEN },
  spread: { unit: 'ms', value: 10, source: EVEN },
  slowAttempts: {
    unit: 'attempts',
    value: 2,
    source: 'our choice: one slow attempt may be our own pause; in a row where no comparison tells it',
  },
  /** So many slow connections, beside so many others of which so large a share at most is slow, tell it at once. */
  slowTogether: { unit: 'connections', value: 3, source: COMPARED },
  othersTried: { unit: 'connections', value: 2, source: COMPARED },
  othersSlowAtMost: { unit: 'share', value: 0.25, source: COMPARED },
  lostSynFrom: {
    unit: 'ms',
    value: 950,
    source: 'RFC 6298: a lost SYN is sent again after 1 s: loss, not delay',
  },
  lostSynTo: { unit: 'ms', value: 1200, source: 'that second, and a slow round trip' },
  /** SELECT 1 that takes between so many times a connection, and so many more ms, waits for the round trip. */
  roundTripLeast: {
    unit: 'times',
    value: 0.5,
    source: 'our choice: SELECT 1 that takes half of a connection waits for the round trip',
  },
  roundTripMost: {
    unit: 'times',
    value: 1.5,
    source: 'our choice: so much and what SELECT 1 itself takes is still the round trip',
  },
  statement: { unit: 'ms', value: 20, source: 'our choice: what SELECT 1 itself may take' },
} as const satisfies Thresholds;

/** From where a connection is slow (ms), and over how long (ms) what is sent again is counted. */
export interface DelayBounds {
  readonly slowConnect: { readonly value: number };
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
    const even = spread <= Math.max(ONE_DELAY.spread.value, ONE_DELAY.spreadShare.value * least);
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
    const { slowTogether, othersTried, othersSlowAtMost, lostSynFrom, lostSynTo } = ONE_DELAY;
    if (least > lostSynFrom.value && least < lostSynTo.value) return false;
    const alsoSlow = rest.filter((one) => slow.includes(one)).length;
    return (
      its.length >= slowTogether.value &&
      rest.length >= othersTried.value &&
      alsoSlow <= rest.length * othersSlowAtMost.value
    );
  }

  function isLasting(one: Connection): boolean {
    const last = one.ms.slice(-ONE_DELAY.slowAttempts.value);
    const limit = limitOf(usual(one), bounds);
    return last.length === ONE_DELAY.slowAttempts.value && last.every(({ value }) => value > limit);
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
    its.every((one) => timeOf(one) > limitOf(usual(one), bounds) * ONE_DELAY.wellAgainBelow.value)
  );
}

/** Whether what took so long (ms) waited for one round trip with the end, and for nothing else. */
const isOneRoundTrip = (ms: number, { now }: SlowEnd): boolean =>
  ms > ONE_DELAY.roundTripLeast.value * now &&
  ms < ONE_DELAY.roundTripMost.value * now + ONE_DELAY.statement.value;

/**
 * What the database that is entered answers in, and whether that is one round trip; undefined where it is at none of
 * these places, or was not asked since this began.
 */
export function databaseTripText(
  history: History,
  end: SlowEnd,
  places: readonly string[],
): string | undefined {
  const asked = database(readSince(history, end.since));
  if (!asked || !places.includes(placeOf(asked.address))) return undefined;
  const ms = asked.failure === null ? asked.selectOneMs : null;
  if (ms === null) return undefined;
  return `SELECT 1 in ${duration(ms)}${isOneRoundTrip(ms, end) ? ': that is the round trip' : ''}`;
}

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

const limitOf = (usual: number, { slowConnect }: DelayBounds): number =>
  Math.max(slowConnect.value, ONE_DELAY.timesItsBest.value * usual);

/** How slow an end is, which target feels it, and that others are quick, in words. */
export function slowEndLines(history: History, end: SlowEnd, radius: readonly string[]): string[] {
  const { name, now, usual, others, since } = end;
  const slow = now > usual ? slowestTarget(history, since, radius) : undefined;
  const trips = slow ? Math.round((slow.now - slow.usual) / (now - usual)) : 0;
  const who = whoText(history, peersOf(end.connections, name));
  return gather(
    `from ${who}: ${duration(now)} to connect where ${duration(usual)} is usual, before a word is said`,
    slow && `${slowerText(slow)}${trips > 1 ? `, ${trips} round trips` : ''}`,
    others.count > 0 && `what does not touch ${name} connects in ${duration(others.ms)}`,
  );
}
