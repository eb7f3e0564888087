import { serviceOf } from '../../source/diagnosis/facts/services.js';
import { median } from '../../source/diagnosis/facts/slowness.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import { commonEnds, touches, type Way, ways } from '../../source/diagnosis/facts/ways.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

/** A connection whose first packet was lost takes the kernel's second try and the way (ms): that is loss, not delay. */
const LOST_SYN_MS = { from: 950, to: 1200 };

/** A container that every connection is slow to, or from. */
export interface SlowEnd {
  readonly name: string;
  readonly ways: readonly Way[];
  /** Milliseconds of a connection now, and as it should be. */
  readonly now: number;
  readonly usual: number;
  /** Between the quickest and the slowest of its connections, ms. */
  readonly spread: number;
  /** Seen often enough, and even enough, to be called a delay. */
  readonly sure: boolean;
  /** Ways that it has no part in, and their middle (ms). */
  readonly others: { readonly count: number; readonly ms: number };
  /** Wall-clock ms of the first slow attempt in a row. */
  readonly since: number | null;
}

/** The slow container with most ways, or undefined when none is slow at each of its ways. */
export function slowEnd(history: History): SlowEnd | undefined {
  const all = ways(history).filter(({ cell }) => cell.outcome === 'connected');
  const usual = usualOf(history, all);
  const slow = all.filter((way) => isSlow(way, usual(way)));
  const name = commonEnds(slow, all)[0];
  if (name === undefined) return undefined;
  const its = slow.filter((way) => touches(way, name));
  const times = its.flatMap(({ cell }) => cell.ms ?? []);
  const rest = all.filter((way) => !touches(way, name));
  const least = Math.min(...times);
  const spread = Math.max(...times) - least;
  const even = spread <= Math.max(THRESHOLDS.spread.floorMs, THRESHOLDS.spread.share * least);
  const isOneSyn = least > LOST_SYN_MS.from && least < LOST_SYN_MS.to;
  const alsoSlow = rest.filter((way) => slow.includes(way)).length;
  const shared = !isOneSyn && its.length >= 3 && rest.length >= 2 && alsoSlow <= rest.length / 4;
  const lasting = its.every((way) => lastSlow(way, usual(way)));
  return {
    name,
    ways: its,
    now: median(times),
    usual: median(its.map(usual)),
    spread,
    sure: even && (shared || lasting),
    since: earliest(
      ...its.map((way) => way.ms[way.ms.findLastIndex(({ value }) => value <= limitOf(usual(way))) + 1]?.at),
    ),
    others: { count: rest.length, ms: median(rest.flatMap(({ cell }) => cell.ms ?? [])) },
  };
}

/** Whether every container has a way that is quick again, with room to spare. */
export function nobodySlow(history: History): boolean {
  const all = ways(history).filter(({ cell }) => cell.outcome === 'connected');
  const usual = usualOf(history, all);
  const slow = all.filter((way) => (way.cell.ms ?? 0) > limitOf(usual(way)) * THRESHOLDS.clearShare);
  return commonEnds(slow, all).length === 0;
}

/**
 * What a connection should take: the best this way has shown, or what the quickest quarter of all ways between
 * containers take where that is less, since it may have been slow before anybody looked.
 */
function usualOf(history: History, all: readonly Way[]): (way: Way) => number {
  const here = all.filter(({ target }) => serviceOf(history, target)?.container !== undefined);
  const times = here.flatMap(({ cell }) => cell.ms ?? []).sort((a, b) => a - b);
  const others = times.length >= 4 ? times[Math.floor((times.length - 1) / 4)] : undefined;
  return (way) => Math.min(way.least ?? way.cell.ms ?? 0, others ?? Number.POSITIVE_INFINITY);
}

const limitOf = (usual: number): number => {
  const { floorMs, times } = THRESHOLDS.connect;
  return Math.max(floorMs, times * usual);
};

const isSlow = ({ cell }: Way, usual: number): boolean => (cell.ms ?? 0) > limitOf(usual);

function lastSlow({ ms }: Way, usual: number): boolean {
  const last = ms.slice(-THRESHOLDS.attempts.value);
  return last.length === THRESHOLDS.attempts.value && last.every(({ value }) => value > limitOf(usual));
}
