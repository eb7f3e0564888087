import { insides, type Resending, resending } from '../../source/diagnosis/facts/inside.js';
import { known, STREAK_MS } from '../../source/diagnosis/facts/values.js';
import {
  endsOf,
  lately,
  neededOf,
  peersOf,
  touches,
  type Way,
  ways,
} from '../../source/diagnosis/facts/ways.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

/** Connection attempts of the last minute, and how many of them lost packets on the way. */
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

/** The container on whose ways segments get lost. */
export interface LossyEnd {
  readonly name: string;
  /** Who sends again, the most first. */
  readonly resenders: readonly [Resending, ...Resending[]];
  /** The ways among them that are tried. */
  readonly ways: readonly Way[];
  readonly attempts: Attempts;
  /** Wall-clock ms of the first reading of the run in which they do so. */
  readonly since: number | null;
  /** Rounds in which one of its connections lost its first packet and came about by the second. */
  readonly rounds: number;
  /** The same in the last 20 s only. */
  readonly roundsLately: number;
  /** Some of those ways still let a connection through, tried since they began to resend. */
  readonly through: boolean;
}

/** The containers that send a part of their segments again now, the worst first. */
export const resenders = (history: History): Resending[] =>
  insides(history)
    .flatMap(({ name }) => resending(history, name, THRESHOLDS.retransmitted.windowMs) ?? [])
    .filter(({ name, percent, again, opening }) => {
      const much =
        percent >= THRESHOLDS.retransmitted.raise && again - opening >= THRESHOLDS.leastDataSegments.value;
      return much && lasts(history, name);
    })
    .sort((a, b) => b.percent - a.percent);

/** Whether a container sends again in most of its last readings. */
function lasts(history: History, name: string): boolean {
  const { value: share, windowMs } = THRESHOLDS.shareOfReadings;
  const last = known(history, `kernel.retransPercent{${name}}`, windowMs);
  const hit = last.filter(({ value }) => value >= THRESHOLDS.retransmitted.raise).length;
  return hit >= THRESHOLDS.leastReadings.value && hit >= share * last.length;
}

/**
 * The containers on whose ways segments get lost, one after the other: the one that explains most of those who send
 * again, then the one that explains most of the rest. Empty while nobody sends again.
 */
export function lossyEnds(history: History): LossyEnd[] {
  const all = ways(history);
  const talk = neededOf(all);
  const ends: LossyEnd[] = [];
  for (let rest = resenders(history); rest.length > 0; ) {
    const end = lossyEnd(history, rest, all);
    if (!end) break;
    const beside = peersOf(talk, end.name);
    const explained = rest.filter(({ name }) => name === end.name || beside.includes(name));
    const own = explained.length > 0 ? explained : rest;
    ends.push(own.length === rest.length ? end : (lossyEnd(history, own, all) ?? end));
    rest = rest.filter((one) => !own.includes(one));
  }
  return ends;
}

function lossyEnd(history: History, found: readonly Resending[], all: readonly Way[]): LossyEnd | undefined {
  const [worst, ...others] = found;
  if (!worst) return undefined;
  const name = endOf(history, found, all) ?? worst.name;
  const part = [name, ...found.map((one) => one.name)];
  const inner = all.filter(({ source, target }) => part.includes(source) && part.includes(target));
  const its = all.filter((way) => touches(way, name));
  const since = onset(history, found);
  return {
    name,
    resenders: [worst, ...others],
    ways: its,
    attempts: attemptsOf(history, its),
    rounds: roundsOf(history, its, THRESHOLDS.lateConnect.windowMs),
    roundsLately: roundsOf(history, its, THRESHOLDS.lateConnectRounds.windowMs),
    since,
    through:
      inner.length === 0 || inner.some((way) => way.failed === 0 && (way.ok.at(-1)?.at ?? 0) > (since ?? 0)),
  };
}

/**
 * The container that stands at an end of every way on which somebody sends again, by the ways that are needed: its
 * own packets and those of all who talk with it suffer, while their other ways do not. Of several such the one with
 * most attempts that were hurt.
 */
function endOf(history: History, found: readonly Resending[], all: readonly Way[]): string | undefined {
  const names = new Set(found.map(({ name }) => name));
  const talk = neededOf(all);
  const scored = endsOf(all).map((name) => {
    const beside = peersOf(talk, name);
    const sick = beside.filter((other) => names.has(other)).length;
    const its = all.filter((way) => touches(way, name));
    const { made, hurt } = attemptsOf(history, its);
    return {
      name,
      left: names.size - sick - (names.has(name) ? 1 : 0),
      hurt: made === 0 ? 0 : hurt / made,
      share: beside.length === 0 ? 0 : sick / beside.length,
    };
  });
  return scored.sort((a, b) => a.left - b.left || b.hurt - a.hurt || b.share - a.share)[0]?.name;
}

/** What became of the attempts of some ways lately. */
export function attemptsOf(history: History, its: readonly Way[]): Attempts {
  const { windowMs, value: fromMs } = THRESHOLDS.lateConnect;
  const ok = its.flatMap((way) => lately(history, way.ok, windowMs));
  const ms = its.flatMap((way) => lately(history, way.ms, windowMs)).map(({ value }) => value);
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
 * Times of the last `ms` at which a connection took the kernel's second try; none where one way alone did: that is a
 * matter of its listener.
 */
function roundsOf(history: History, its: readonly Way[], windowMs: number): number {
  const { value: fromMs } = THRESHOLDS.lateConnect;
  const late = its.map((way) => lately(history, way.ms, windowMs).filter(({ value }) => value >= fromMs));
  if (late.filter((points) => points.length > 0).length < 2) return 0;
  return new Set(late.flat().map(({ at }) => at)).size;
}

/** The first reading of the newest unbroken run in which one of them sent again. */
function onset(history: History, found: readonly Resending[]): number | null {
  const times = found.flatMap(({ name }) => {
    const points = known(history, `kernel.retransPercent{${name}}`, STREAK_MS);
    const lastWell = points.findLastIndex(({ value }) => value < THRESHOLDS.retransmitted.raise);
    return points[lastWell + 1]?.at ?? [];
  });
  return times.length === 0 ? null : Math.min(...times);
}
