import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { gather } from '../evidence.js';
import type { Thresholds } from '../threshold.js';
import { type Attempts, attemptsOf, type LateBounds, roundsOf } from './attempts.js';
import { inTurn } from './common-ends.js';
import { type Connection, connections, endsOf, neededOf, peersOf, touches } from './connections.js';
import { insides, type Resending, resending, total } from './inside.js';
import { whoText } from './services.js';
import { slowerText, slowestTarget } from './slow-targets.js';
import { known, STREAK_MS } from './values.js';

/** From when segments that are sent again are lost ones, by what weighs nothing itself. */
export const LOSS_BY_COUNTERS = {
  leastSegments: { unit: 'segments', value: 100, source: 'fewer segments give no percentage' },
  /** So much is loss by itself; less only beside connections that lost their first packet, in more than one round. */
  lossByItself: {
    unit: '%',
    raise: 5,
    clear: 2.5,
    source: 'measured: a machine that is short of CPU sends 1 to 2 % again, too (load 17 on 2 cores)',
  },
  lateConnectRounds: {
    unit: 'rounds',
    value: 2,
    windowMs: 20_000,
    source: 'our choice: one round of slow connects may be one stall; well again after 20 s without any',
  },
  /** It goes on: in so large a share of the readings of this time, and in two at least. */
  shareOfReadings: {
    unit: 'share',
    value: 0.5,
    windowMs: 11_000,
    source: 'our choice: one stall of a busy machine is no loss',
  },
  leastReadings: {
    unit: 'readings',
    value: 2,
    source: 'our choice: with `shareOfReadings`, two readings at least',
  },
  leastDataSegments: {
    unit: 'segments',
    value: 5,
    source: 'TcpExt.TCPSynRetrans apart: a SYN is sent again to a full queue, too',
  },
} as const satisfies Thresholds;

/** The same by what a mode weighs. */
export interface LossBounds extends LateBounds {
  /** Sent again as a share of those sent (percent), over this time. */
  readonly retransmitted: { readonly raise: number; readonly windowMs: number };
  /** So many connections that full listeners dropped explain what is sent again. */
  readonly listenOverflows: { readonly value: number };
}

/** The container on whose connections segments get lost. */
export interface LossyEnd {
  readonly name: string;
  /** Who sends again, the most first. */
  readonly resenders: readonly [Resending, ...Resending[]];
  /** Their names, without its own. */
  readonly others: readonly string[];
  /** Its connections that are tried. */
  readonly connections: readonly Connection[];
  readonly attempts: Attempts;
  /** Wall-clock ms of the first reading of the run in which they do so. */
  readonly since: number | null;
  /** Connections that full listeners of those who take part dropped; undefined when not read. */
  readonly overflows: number | undefined;
  /** So much is sent again, or so many of its connections lost their first packet, that nothing else explains it. */
  readonly sure: boolean;
  /** It is no more than a busy machine makes, with room to spare. */
  readonly over: boolean;
}

/** The containers that send a part of their segments again now, the worst first. */
const resenders = (history: History, bounds: LossBounds): Resending[] =>
  insides(history)
    .flatMap(({ name }) => resending(history, name, bounds.retransmitted.windowMs) ?? [])
    .filter(({ name, percent, again, opening }) => {
      const much =
        percent >= bounds.retransmitted.raise && again - opening >= LOSS_BY_COUNTERS.leastDataSegments.value;
      return much && lasts(history, name, bounds);
    })
    .sort((a, b) => b.percent - a.percent);

/** Whether counters were read, and nobody sends again by them. */
export const nobodyResends = (history: History, bounds: LossBounds): boolean =>
  insides(history).length > 0 && resenders(history, bounds).length === 0;

/** Whether a container sends again in most of its last readings. */
function lasts(history: History, name: string, { retransmitted }: LossBounds): boolean {
  const { shareOfReadings, leastReadings } = LOSS_BY_COUNTERS;
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
  const { lossByItself, lateConnectRounds, leastSegments } = LOSS_BY_COUNTERS;
  const rounds = roundsOf(history, its, bounds, bounds.lateConnect.windowMs);
  const [{ percent }] = found;
  const overflows = overflowsOf(
    history,
    [...part, ...its.map(({ target }) => target)],
    bounds.retransmitted.windowMs,
  );
  const through =
    inner.length === 0 || inner.some(({ failed, ok }) => failed === 0 && (ok.at(-1)?.at ?? 0) > (since ?? 0));
  return {
    ...{ name, resenders: found, connections: its, since, overflows },
    others: found.map((one) => one.name).filter((one) => one !== name),
    attempts: attemptsOf(history, its, bounds),
    sure:
      through &&
      found.reduce((sum, one) => sum + one.sent, 0) >= leastSegments.value &&
      (percent >= lossByItself.raise || rounds >= lateConnectRounds.value) &&
      !onlyFullListeners(found, overflows, bounds),
    over: percent < lossByItself.clear && roundsOf(history, its, bounds, lateConnectRounds.windowMs) === 0,
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

/** Whether so many connections were dropped by full listeners, and so little data sent again, that they explain it all. */
function onlyFullListeners(
  all: readonly Resending[],
  overflows: number | undefined,
  { listenOverflows, retransmitted }: LossBounds,
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

/** Who sends how much again, what its connections lost, and which target feels it, in words. */
export function lossyEndLines(history: History, end: LossyEnd, radius: readonly string[]): string[] {
  const { least, slowest, made, hurt } = end.attempts;
  const slow = slowestTarget(history, end.since, radius);
  const { others } = end;
  return gather(
    ...end.resenders
      .slice(0, 2)
      .map((one) => `${one.name} sends ${one.percent.toFixed(1)} % of its segments again`),
    hurt > 0 &&
      least !== undefined &&
      `${hurt} of ${made} connections with ${end.name} lost their first packet: ${duration(least)} or ${duration(slowest ?? least)}, nothing between`,
    slow && slowerText(slow),
    others.length > 0 && `who else sends again talks with ${end.name}: ${whoText(history, others)}`,
  ).slice(0, 4);
}
