import type { Point } from '../../store/series.js';

/** From when a count that does not come down is a leak and no burst. */
export interface TrendBounds {
  /** Readings, and the time (ms) they span, of which a trend says something. */
  readonly leastReadings: { readonly value: number };
  readonly leastSpan: { readonly value: number };
  /** Share of the readings at their end over which it still climbs, 0 to 1. */
  readonly climbsInLast: { readonly value: number };
}

/** Whether a count has not fallen over enough readings, and time, and is still climbing at their end. Oldest first. */
export function isRising(points: readonly Point[], bounds: TrendBounds): boolean {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < bounds.leastReadings.value) return false;
  if (last.at - first.at < bounds.leastSpan.value) return false;
  if (points.some(({ value }, i) => i > 0 && value < (points[i - 1] as Point).value)) return false;
  const late = points[Math.floor(points.length * (1 - bounds.climbsInLast.value))] as Point;
  return last.value > late.value;
}
