import type { History, Latest, LatestSamples } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { onceALookBy } from './once-a-look.js';

/**
 * A history of what was read since a moment (wall-clock ms; null: the whole) alone: what is older is stale, and no point of a series.
 * Whether something is well while something else is sick can be told by that only. Of a source with many members none
 * speaks before all have been read anew, so that "every" is true of all of them.
 */
export const readSince = onceALookBy((history: History, since: number | null): History => {
  if (since === null) return history;
  const isSince = ({ at }: Point): boolean => at >= since;
  return {
    now: history.now,
    latest: latestSince(history.latest, since),
    window: (signal, ms) => history.window(signal, ms).filter(isSince),
    each: (signal, ms, onValue) =>
      history.each(signal, ms, (value, at) => {
        if (at >= since) onValue(value, at);
      }),
    newest(signal, ms) {
      const point = history.newest(signal, ms);
      return point && isSince(point) ? point : undefined;
    },
    signals: () => history.signals(),
  };
});

type Entry = Latest<unknown>;

function latestSince(latest: LatestSamples, since: number): LatestSamples {
  const { datastores, matrix } = latest;
  return {
    ...allSince(latest, since),
    // A look may hold what was found in one before.
    ...(datastores?.sample.datastores.some(({ askedAt }) => askedAt !== null && askedAt < since)
      ? { datastores: { ...datastores, stale: true } }
      : {}),
    ...(matrix && matrix.at >= since
      ? {
          matrix: {
            ...matrix,
            sample: { ...matrix.sample, cells: matrix.sample.cells.filter(({ rests }) => !rests) },
          },
        }
      : {}),
  };
}

function allSince(latest: LatestSamples, since: number): LatestSamples {
  const isOld = ({ at, stale }: Entry): boolean => !stale && at < since;
  const stale = (entry: Entry): Entry => ({ ...entry, stale: true });
  const kept = Object.entries(latest as Record<string, Entry | Record<string, Entry>>).map(([id, held]) => {
    if (isEntry(held)) return [id, isOld(held) ? stale(held) : held];
    if (!Object.values(held).some(isOld)) return [id, held];
    return [id, Object.fromEntries(Object.entries(held).map(([name, entry]) => [name, stale(entry)]))];
  });
  return Object.fromEntries(kept) as LatestSamples;
}

const isEntry = (held: Entry | Record<string, Entry>): held is Entry => typeof held.stale === 'boolean';
