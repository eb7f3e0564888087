import type { Finding } from './finding.js';
import type { History } from './history.js';
import type { Outage } from './state.js';

/** Good probes in a row, of every target, that end an outage which nobody verified. */
const GOOD_RUNS = 5;
/** How far back the first failing probe of an outage is looked for when it is first noticed (ms). */
const LOOK_BACK_MS = 30_000;
/** A trigger that nobody felt for this long (ms) was no outage. */
const UNFELT_MS = 30_000;

export const NO_OUTAGE: Outage = {
  triggeredAt: null,
  symptomAt: null,
  namedAt: null,
  fixedAt: null,
  verifiedAt: null,
};

const TARGET_SERIES = /^http\.ok\{/;

/** Wall-clock ms of the first failing HTTP probe not older than `since`, or null. */
export function firstFailure(history: History, since: number): number | null {
  let first: number | null = null;
  for (const signal of history.signals().filter((name) => TARGET_SERIES.test(name))) {
    const failed = history.window(signal, history.now - since).find((point) => point.value === 0);
    if (failed && (first === null || failed.at < first)) first = failed.at;
  }
  return first;
}

/**
 * Wall-clock ms at which the last target began a run of five good probes that still lasts, or null: the first of
 * the five is when it was well again.
 */
export function healedAt(history: History, since: number): number | null {
  const targets = history.signals().filter((name) => TARGET_SERIES.test(name));
  const began = targets.map((signal) => {
    const points = history.window(signal, history.now - since);
    const firstGood = points.findLastIndex((point) => point.value !== 1) + 1;
    return points.length - firstGood >= GOOD_RUNS ? (points[firstGood]?.at ?? null) : null;
  });
  if (began.length === 0 || began.includes(null)) return null;
  return Math.max(...(began as number[]));
}

/**
 * The outage clock after one more look: marks the first symptom and the first name as they come. An outage opens
 * with its trigger or its first symptom, and is over (`verifiedAt` set) once verification passed or every target
 * has answered well five times in a row; where no target is probed, once nothing fires any more. What was named before the last outage ended belongs to that one.
 */
export function advanceOutage(
  outage: Outage | null,
  lastOutage: Outage | null,
  history: History,
  findings: readonly Finding[],
): Outage | null {
  const ended = lastOutage?.verifiedAt ?? 0;
  const firing = findings.filter(
    (finding) =>
      finding.state === 'firing' && finding.severity !== 'notice' && (finding.namedAt ?? 0) > ended,
  );
  const opened = outage ?? openedBy(history, firing, ended);
  if (!opened) return null;
  if (
    opened.symptomAt === null &&
    opened.triggeredAt !== null &&
    history.now - opened.triggeredAt > UNFELT_MS
  )
    return null;
  const start = Math.max(opened.triggeredAt ?? opened.symptomAt ?? history.now, ended);
  const symptomAt = opened.symptomAt ?? firstFailure(history, start) ?? firing[0]?.since ?? null;
  const namedTimes = firing.flatMap((finding) => (finding.namedAt === null ? [] : [finding.namedAt]));
  const namedAt = opened.namedAt ?? (namedTimes.length > 0 ? Math.min(...namedTimes) : null);
  const marked = { ...opened, symptomAt, namedAt };
  if (marked.verifiedAt !== null || symptomAt === null) return marked;
  return {
    ...marked,
    verifiedAt: isProbed(history)
      ? notBefore(namedAt, healedAt(history, symptomAt))
      : quietAt(history, firing),
  };
}

/** What was named while every target answered is over with that outage: it opens no other one. */
const notBefore = (namedAt: number | null, healed: number | null): number | null =>
  healed === null ? null : Math.max(healed, namedAt ?? healed);

const isProbed = (history: History): boolean => history.signals().some((name) => TARGET_SERIES.test(name));

/** Where no target is probed, an outage is over when what was found is found no more. */
const quietAt = (history: History, firing: readonly Finding[]): number | null =>
  firing.length === 0 ? history.now : null;

function openedBy(history: History, firing: readonly Finding[], ended: number): Outage | null {
  if (firing.length === 0) return null;
  const since = Math.max(history.now - LOOK_BACK_MS, ended);
  return { ...NO_OUTAGE, symptomAt: firstFailure(history, since) ?? firing[0]?.since ?? history.now };
}
