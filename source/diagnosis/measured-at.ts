import type { History } from '../store/history.js';

/** A reading older than this says nothing of when the figure in a row was measured (ms): what a ring surely holds. */
const LOOK_BACK_MS = 600_000;

/**
 * Wall-clock ms of the newest reading of a signal: of its series, else of the source whose name it begins with
 * (`inside.listeners` of `inside`). Null when neither was read.
 */
export function measuredAt(history: History, signal: string): number | null {
  const newest = history.newest(signal, LOOK_BACK_MS);
  if (newest) return newest.at;
  const source = /^[a-z]+/.exec(signal)?.[0] ?? '';
  const kept = history.latest[(PLURALS[source] ?? source) as keyof History['latest']] as unknown;
  return newestIn(kept);
}

/** Sources whose signals are told in the singular. */
const PLURALS: Readonly<Record<string, string>> = { service: 'services' };

function newestIn(kept: unknown): number | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { at } = kept as { at?: unknown };
  if (typeof at === 'number') return at;
  const times = Object.values(kept).flatMap((one: { at?: unknown }) =>
    typeof one?.at === 'number' ? [one.at] : [],
  );
  return times.length === 0 ? null : Math.max(...times);
}
