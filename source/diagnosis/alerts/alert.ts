import type { ActiveAlert, AlertRule, AlertState } from '../../store/alert-rule.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';

/** One place that an alert is judged at. */
export interface Watched {
  readonly where: string;
  /** Readings, oldest first, as far back as they are kept. */
  readonly points: readonly Point[];
  /** Whether a reading meets the condition. */
  meets(value: number): boolean;
  /** A figure as a person reads it. */
  text(value: number): string;
  /** Readings older than this (ms) say nothing of now: no figure is no alert. */
  readonly staleMs: number;
}

/** An alert as it is declared: data, and where its readings are. */
export type Alert = Pick<AlertRule, 'name' | 'condition' | 'forMs' | 'severity' | 'source'> & {
  /** Why nothing is read that it could be judged by; absent where something is. */
  readonly unread?: string;
  watched(history: History): readonly Watched[];
};

/** What an alert comes to at `history.now`: pure, and so the same in a recording. */
export function judge(history: History, { watched, unread, ...rule }: Alert): AlertRule {
  const places = unread === undefined ? watched(history) : [];
  const active = places
    .flatMap((place) => activeAt(history.now, place, rule.forMs) ?? [])
    .sort((a, b) => a.since - b.since);
  const worst: AlertState = active.some(({ state }) => state === 'firing')
    ? 'firing'
    : active.length > 0
      ? 'pending'
      : places.length === 0
        ? 'unread'
        : 'inactive';
  return {
    ...rule,
    state: worst,
    active,
    ...(worst === 'unread' ? { reason: unread ?? 'nothing is watched that it speaks of' } : {}),
  };
}

/** The unbroken run of readings that meet the condition, up to the newest. */
function activeAt(now: number, place: Watched, forMs: number): ActiveAlert | undefined {
  const { points, meets, text, where, staleMs } = place;
  const last = points.at(-1);
  if (!last || now - last.at > staleMs || !meets(last.value)) return undefined;
  const before = points.findLastIndex(({ value }) => !meets(value));
  const since = points[before + 1]?.at ?? last.at;
  return { where, state: now - since >= forMs ? 'firing' : 'pending', since, value: text(last.value) };
}
