import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { placeOf } from '../places.js';
import { slowness } from './slowness.js';

/** An HTTP target that takes much longer than it did. Times are milliseconds. */
export interface SlowTarget {
  readonly target: string;
  readonly now: number;
  readonly usual: number;
  /** Beyond this it is called slow. */
  readonly limit: number;
}

/** Slow is three times what it took before, and at least so many ms. */
const TIMES = 3;
const FLOOR_MS = 300;

/** The target at one of these places that got slowest since something began (wall-clock ms); undefined when none did. */
export function slowestTarget(
  history: History,
  onset: number | null,
  places: readonly string[],
): SlowTarget | undefined {
  if (onset === null) return undefined;
  return slowness(history, onset)
    .filter(({ view }) => places.includes(placeOf(view.address)))
    .map(({ view, before, since }) => ({
      target: view.target,
      now: since,
      usual: before,
      limit: Math.max(FLOOR_MS, TIMES * before),
    }))
    .filter(({ now, limit }) => now > limit)
    .sort((a, b) => b.now / b.usual - a.now / a.usual)[0];
}

/** The same in words. */
export const slowerText = ({ target, now, usual: before }: SlowTarget): string =>
  `${target} takes ${duration(now)} instead of ${duration(before)}`;
