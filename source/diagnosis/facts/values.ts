import type { History, Latest } from '../../store/history.js';
import type { Point } from '../../store/series.js';

/** The sample of a source, unless it was never read or is too old to speak for the present. */
export const fresh = <Sample>(latest: Latest<Sample> | undefined): Sample | undefined =>
  latest && !latest.stale ? latest.sample : undefined;

/** Points of a signal of the last `ms` that were read; failed reads (NaN) are left out. */
export function known(history: History, signal: string, ms: number): readonly Point[] {
  const points = history.window(signal, ms);
  return points.every(isRead) ? points : points.filter(isRead);
}

const isRead = ({ value }: Point): boolean => Number.isFinite(value);

/** The newest value read within `ms`, or undefined. */
export const newest = (history: History, signal: string, ms: number): number | undefined =>
  history.newest(signal, ms)?.value;

/** The mean over `ms`, or undefined when nothing was read. */
export function average(history: History, signal: string, ms: number): number | undefined {
  let [added, count] = [0, 0];
  history.each(signal, ms, (value) => {
    if (!Number.isFinite(value)) return;
    added += value;
    count++;
  });
  return count === 0 ? undefined : added / count;
}

/** What the values of the last `ms` add up to; 0 when nothing was read. */
export function sum(history: History, signal: string, ms: number): number {
  let added = 0;
  history.each(signal, ms, (value) => {
    if (Number.isFinite(value)) added += value;
  });
  return added;
}

/** The median over `ms`, or undefined when nothing was read: what is usual, whatever one burst did. */
export function usual(history: History, signal: string, ms: number): number | undefined {
  const values = known(history, signal, ms)
    .map((point) => point.value)
    .sort((a, b) => a - b);
  return values[Math.floor((values.length - 1) / 2)];
}

/** The largest value over `ms`, or undefined when nothing was read. */
export function largest(history: History, signal: string, ms: number): number | undefined {
  let most: number | undefined;
  history.each(signal, ms, (value) => {
    if (Number.isFinite(value) && (most === undefined || value > most)) most = value;
  });
  return most;
}

/** The least value over `ms`, or undefined when nothing was read. */
export function least(history: History, signal: string, ms: number): number | undefined {
  let found: number | undefined;
  history.each(signal, ms, (value) => {
    if (Number.isFinite(value) && (found === undefined || value < found)) found = value;
  });
  return found;
}

/** How far back the start of a run of failures is looked for (ms): what a ring of 600 points surely holds. */
export const STREAK_MS = 600_000;

/** The unbroken run of zeros at the end of a 1/0 signal: how many, and the wall-clock ms of the first; or null. */
export const failures = (history: History, signal: string): { count: number; since: number } | null =>
  streak(known(history, signal, STREAK_MS));

/** The same of points that were picked before. */
export function streak(points: readonly Point[]): { count: number; since: number } | null {
  let first = points.length;
  while (first > 0 && points[first - 1]?.value === 0) first--;
  const start = points[first];
  return start ? { count: points.length - first, since: start.at } : null;
}

/** Whether the last `count` values exist and all pass. */
export function lastAll(
  history: History,
  signal: string,
  count: number,
  passes: (value: number) => boolean,
): boolean {
  return lastPass(known(history, signal, STREAK_MS), count, passes);
}

/** The same of points that were picked before. */
export function lastPass(
  points: readonly Point[],
  count: number,
  passes: (value: number) => boolean,
): boolean {
  const last = points.slice(-count);
  return last.length >= count && last.every((point) => passes(point.value));
}

/** The earliest of wall-clock times, leaving out what is unknown; null when all are. */
export function earliest(...times: readonly (number | null | undefined)[]): number | null {
  const real = times.filter((time): time is number => typeof time === 'number' && Number.isFinite(time));
  return real.length === 0 ? null : Math.min(...real);
}

/** Wall-clock ms of the first failed reading since the last good one; null when the last reading was good. */
export function unreadSince(history: History, signal: string): number | null {
  const lastGood = history.newest(signal, STREAK_MS)?.at ?? Number.NEGATIVE_INFINITY;
  return history.window(signal, STREAK_MS).find(({ at }) => at > lastGood)?.at ?? null;
}
