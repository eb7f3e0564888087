import type { Point } from './series.js';

/** What a lab's own programs count about themselves; null for one that does not answer. Shown, and never judged. */
export interface LabCounters {
  readonly resolver: {
    readonly served: number;
    readonly dropped: number;
    readonly queue: number;
    readonly queueMax: number;
  } | null;
  readonly app: { readonly inFlight: number; readonly waiting: number; readonly slots: number } | null;
  readonly visitors: { readonly sent: number; readonly ok: number; readonly failed: number } | null;
}

/** The newest of them, and two minutes of those that are drawn. It stands apart from all that the diagnosis reads. */
export interface LabState {
  /** Wall-clock milliseconds of the counters. */
  readonly at: number;
  /** True once they could not be read again. */
  readonly stale: boolean;
  readonly counters: LabCounters;
  /** Queries that wait at the resolver, oldest first; NaN where it did not answer. */
  readonly queue: readonly Point[];
  /** Requests that the application works on or holds back. */
  readonly inFlight: readonly Point[];
}

const KEPT_MS = 120_000;

/** The state with one more reading, or with a failed one where `counters` is null. `at` is wall-clock milliseconds. */
export function foldCounters(
  before: LabState | null,
  at: number,
  counters: LabCounters | null,
): LabState | null {
  if (counters === null) return before && { ...before, stale: true };
  const { resolver, app } = counters;
  const add = (points: readonly Point[] = [], value: number): readonly Point[] => [
    ...points.filter((point) => at - point.at < KEPT_MS),
    { at, value },
  ];
  return {
    at,
    stale: false,
    counters,
    queue: add(before?.queue, resolver?.queue ?? Number.NaN),
    inFlight: add(before?.inFlight, app ? app.inFlight + app.waiting : Number.NaN),
  };
}
