import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { standBehind } from './blast-radius.js';
import { type TargetView, targets } from './http.js';
import { known, STREAK_MS } from './values.js';

/** How long a target takes against how long it took before something began. Times are milliseconds. */
export interface Slowness {
  readonly view: TargetView;
  /** Median of its good runs before. */
  readonly before: number;
  /** Median of its runs since, failed ones with the time they took. */
  readonly since: number;
}

/** Fewer good runs than this are no baseline. */
const LEAST_RUNS = 3;
/** Runs since that are looked at (ms): what is slow now, not what was slow a minute ago. */
const LATELY_MS = 12_000;

/** Each target that has a baseline from before `onset` (wall-clock ms) and was run since. */
export function slowness(history: History, onset: number): Slowness[] {
  return targets(history).flatMap((view) => {
    const ms = known(history, `http.ms{${view.target}}`, STREAK_MS);
    const good = new Set(
      known(history, `http.ok{${view.target}}`, STREAK_MS)
        .filter((point) => point.value === 1)
        .map((point) => point.at),
    );
    const before = ms.filter((point) => point.at < onset && good.has(point.at));
    const since = ms.filter((point) => point.at >= onset && point.at >= history.now - LATELY_MS);
    if (before.length < LEAST_RUNS || since.length === 0) return [];
    const [was, is] = [before, since].map((points) => median(points.map((point) => point.value)));
    return [{ view, before: was as number, since: is as number }];
  });
}

/**
 * The targets which a service may stand behind and that got slower since: `times` as slow as before and `leastMs`
 * slower, the slowest of its baseline first. One that gives up counts with its wait.
 */
export function slowedBehind(
  history: History,
  service: ServiceSample,
  onset: number,
  { times, leastMs }: { readonly times: number; readonly leastMs: number },
): Slowness[] {
  return slowness(history, onset)
    .filter(({ view }) => standBehind(history, [service], view.address))
    .filter(({ before, since }) => since >= times * before && since - before >= leastMs)
    .sort((a, b) => b.since / b.before - a.since / a.before);
}

/** The middle value, the lower one of two; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
