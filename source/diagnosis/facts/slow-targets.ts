import type { History } from '../../store/history.js';
import { targets } from './http.js';
import { known } from './values.js';

/** An HTTP target that answers, and takes much longer than it did. Times are milliseconds. */
export interface SlowTarget {
  readonly target: string;
  readonly now: number;
  readonly usual: number;
  /** Beyond this it is called slow. */
  readonly limit: number;
  /** Wall-clock ms of the first slow answer in a row. */
  readonly since: number;
}

/** What is usual is looked for over this long (ms). */
const USUAL_MS = 600_000;
/** Slow is three times what is usual, and at least this many ms more than nothing. */
const TIMES = 3;
const FLOOR_MS = 300;

/** The target that got slowest against its own quarter of best answers, or undefined when none did. */
export function slowestTarget(history: History): SlowTarget | undefined {
  return targets(history)
    .flatMap(({ target, sample }): SlowTarget[] => {
      const points = known(history, `http.ms{${target}}`, USUAL_MS);
      const sorted = points.map(({ value }) => value).sort((a, b) => a - b);
      const usual = sorted[Math.floor((sorted.length - 1) / 4)];
      if (usual === undefined || !sample.ok) return [];
      const limit = Math.max(FLOOR_MS, TIMES * usual);
      if (sample.totalMs <= limit) return [];
      const lastQuick = points.findLastIndex(({ value }) => value <= limit);
      const since = points[lastQuick + 1]?.at ?? history.now;
      return [{ target, now: sample.totalMs, usual, limit, since }];
    })
    .sort((a, b) => b.now / b.usual - a.now / a.usual)[0];
}
