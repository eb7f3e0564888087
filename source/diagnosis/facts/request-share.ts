import type { History } from '../../store/history.js';
import { known } from './values.js';

/** How many of the requests to one target failed lately. */
export interface RequestShare {
  readonly failed: number;
  readonly of: number;
  /** 0 to 1. */
  readonly share: number;
  /** Runs of failures with good requests between them: one outage is one. */
  readonly episodes: number;
  /** Requests from the first that failed to the last, and good ones since. */
  readonly between: number;
  readonly goodSince: number;
  /** Wall-clock ms of the first request that was looked at, of the first that failed, and of the last. */
  readonly from: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** What those that failed answered, the most frequent first; 0 is no whole answer. */
  readonly statuses: readonly number[];
}

/** The requests to a target within `ms`; undefined where none of them failed. */
export function requestShare(history: History, target: string, ms: number): RequestShare | undefined {
  const points = known(history, `http.requests{${target}}`, ms);
  const failed = points.filter(({ value }) => value === 0);
  const [first, last] = [failed[0], failed.at(-1)];
  if (!first || !last) return undefined;
  const [begin, end] = [points.indexOf(first), points.lastIndexOf(last)];
  const episodes = points.filter(({ value }, i) => value === 0 && points[i - 1]?.value !== 0).length;
  return {
    ...{ failed: failed.length, of: points.length, share: failed.length / points.length, episodes },
    ...{ between: end - begin + 1, goodSince: points.length - 1 - end },
    ...{ from: points[0]?.at ?? first.at, firstAt: first.at, lastAt: last.at },
    statuses: statusesAt(history, target, ms, new Set(failed.map(({ at }) => at))),
  };
}

function statusesAt(history: History, target: string, ms: number, at: ReadonlySet<number>): number[] {
  const counts = new Map<number, number>();
  for (const point of known(history, `http.status{${target}}`, ms))
    if (at.has(point.at)) counts.set(point.value, (counts.get(point.value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([status]) => status);
}
