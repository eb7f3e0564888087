import type { Finding } from './finding.js';
import type { History } from './history.js';
import type { Outage } from './state.js';

/** Good probes in a row, of every target, that end an outage which nobody verified. */
const GOOD_RUNS = 5;
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

const targetSeries = (history: History): string[] =>
  history.signals().filter((name) => TARGET_SERIES.test(name));

/**
 * Wall-clock ms, not before `since`, of the first failing probe of the trouble that lasts, or null: a failure that its
 * target has followed by five good probes is over, and no part of it.
 */
export function firstFailure(history: History, since: number): number | null {
  const firsts = targetSeries(history).flatMap((signal) => {
    let first: number | null = null;
    let good = 0;
    for (const { at, value } of history.window(signal, history.now - since)) {
      good = value === 1 ? good + 1 : 0;
      if (good >= GOOD_RUNS) first = null;
      else if (value === 0) first ??= at;
    }
    return first ?? [];
  });
  return firsts.length === 0 ? null : Math.min(...firsts);
}

const isProbed = (history: History): boolean => targetSeries(history).length > 0;

/** Whether any target failed since then. */
const failedSince = (history: History, since: number): boolean =>
  targetSeries(history).some((signal) =>
    history.window(signal, history.now - since).some(({ value }) => value === 0),
  );

/**
 * Wall-clock ms at which the last target began a run of five good probes that still lasts, or null: the first of
 * the five is when it was well again.
 */
export function healedAt(history: History, since: number): number | null {
  const began = targetSeries(history).map((signal) => {
    const points = history.window(signal, history.now - since);
    const firstGood = points.findLastIndex((point) => point.value !== 1) + 1;
    return points.length - firstGood >= GOOD_RUNS ? (points[firstGood]?.at ?? null) : null;
  });
  if (began.length === 0 || began.includes(null)) return null;
  return Math.max(...(began as number[]));
}

/**
 * The outage clock after one more look: marks the first symptom and the first name as they come. `felt` are the findings
 * that users feel: no other one opens it or names it. An outage opens with its trigger or its first symptom, and is over
 * (`verifiedAt` set) once verification passed or every target has answered well five times in a row; where none failed,
 * once nothing that is felt fires any more. What was named before the last outage ended belongs to that one.
 */
export function advanceOutage(
  outage: Outage | null,
  lastOutage: Outage | null,
  history: History,
  felt: readonly Finding[],
): Outage | null {
  const ended = lastOutage?.verifiedAt ?? 0;
  const firing = felt.filter(
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
  const symptomAt = opened.symptomAt ?? firstFailure(history, start) ?? firstOf(firing);
  const namedTimes = firing.flatMap((finding) => (finding.namedAt === null ? [] : [finding.namedAt]));
  const namedAt = opened.namedAt ?? (namedTimes.length > 0 ? Math.min(...namedTimes) : null);
  const marked = { ...opened, symptomAt, namedAt };
  if (marked.verifiedAt !== null || symptomAt === null) return marked;
  return {
    ...marked,
    verifiedAt: failedSince(history, symptomAt)
      ? notBefore(namedAt, healedAt(history, symptomAt))
      : quietAt(history, firing),
  };
}

/** What was named while every target answered is over with that outage: it opens no other one. */
const notBefore = (namedAt: number | null, healed: number | null): number | null =>
  healed === null ? null : Math.max(healed, namedAt ?? healed);

/** Where no target failed, an outage is over when what was found is found no more. */
const quietAt = (history: History, firing: readonly Finding[]): number | null =>
  firing.length === 0 ? history.now : null;

/** Wall-clock ms of the first symptom of these findings, or null. */
const firstOf = (findings: readonly Finding[]): number | null =>
  findings.length === 0 ? null : Math.min(...findings.map(({ since }) => since));

/** A warning that no probed target shows is none yet. */
function openedBy(history: History, firing: readonly Finding[], ended: number): Outage | null {
  if (firing.length === 0) return null;
  const failedAt = firstFailure(history, ended);
  const grave = isProbed(history) ? firing.filter(({ severity }) => severity === 'critical') : firing;
  const first = failedAt ?? firstOf(grave);
  return first === null ? null : { ...NO_OUTAGE, symptomAt: Math.max(first, ended) };
}
