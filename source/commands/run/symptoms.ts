import { median } from '../../diagnosis/facts/slowness.js';
import type { SeriesBook } from '../../store/series.js';
import type { FaultlineState } from '../../store/state.js';

/** What somebody would feel first. */
export interface Symptom {
  /** Wall-clock ms. */
  readonly at: number;
  readonly text: string;
}

/** A target that is this much slower than it was is felt, though nothing fails; our choice, far above what noise does. */
const SLOW = { times: 4, leastMs: 250 } as const;
/** Runs that must agree: one slow run is chance. */
const SLOW_RUNS = 2;
/** Good runs that make a baseline, and how far back they are looked for (ms). */
const BASELINE = { runs: 3, lookBackMs: 600_000 } as const;

/**
 * The earliest symptom since `since` (wall-clock ms), or undefined while there is none: a probe that failed, a target
 * far slower than before, a pair of the connectivity matrix that no longer connects, a service that ended, a process
 * that the kernel killed for memory.
 */
export function symptomSince(state: FaultlineState, since: number): Symptom | undefined {
  const found = [
    failedProbe(state, since),
    ...slowTargets(state.series, since),
    ...fallen(state.series, 'matrix.ok', since, (pair) => `${pair} no longer connects`),
    ...fallen(state.series, 'service.up', since, (name) => `${name} has ended`),
    ...killed(state.series, since),
  ].filter((symptom) => symptom !== undefined);
  return found.sort((a, b) => a.at - b.at)[0];
}

function failedProbe(state: FaultlineState, since: number): Symptom | undefined {
  const newest = Object.values(state.latest.http).filter(({ at, sample }) => at >= since && !sample.ok);
  const found = newest.map(({ at, sample: { target, status, failure } }): Symptom => {
    const text = `${target} ${status ?? '000'}${failure ? `, ${failure.text}` : ''}`;
    return { at: Math.min(at, firstFailure(state.series, target, since) ?? at), text };
  });
  // One that answers again by now has failed none the less.
  const told = new Set(newest.map(({ sample }) => sample.target));
  for (const target of labels(state.series, 'http.ok')) {
    const at = told.has(target) ? null : firstFailure(state.series, target, since);
    if (at !== null) found.push({ at, text: `${target} failed` });
  }
  return found.sort((a, b) => a.at - b.at)[0];
}

const firstFailure = (series: SeriesBook, target: string, since: number): number | null =>
  series
    .get(`http.ok{${target}}`)
    ?.since(since)
    .find(({ value }) => value === 0)?.at ?? null;

/** The first target whose newest run failed since then (wall-clock ms), in words; undefined when none did. */
export const failedSince = (state: FaultlineState, since: number): string | undefined => {
  const failed = Object.values(state.latest.http).find(({ at, sample }) => at >= since && !sample.ok);
  return (
    failed && `${failed.sample.target}: ${failed.sample.failure?.text ?? `status ${failed.sample.status}`}`
  );
};

function slowTargets(series: SeriesBook, since: number): Symptom[] {
  return labels(series, 'http.ms').flatMap((target) => {
    const points = series.get(`http.ms{${target}}`)?.since(since - BASELINE.lookBackMs) ?? [];
    const before = points.filter(({ at }) => at < since).map(({ value }) => value);
    if (before.length < BASELINE.runs) return [];
    const baseline = median(before);
    const after = points.filter(({ at }) => at >= since);
    const bound = Math.max(SLOW.times * baseline, SLOW.leastMs);
    const last = after.slice(-SLOW_RUNS);
    const first = after.find(({ value }) => value > bound);
    if (!first || last.length < SLOW_RUNS || !last.every(({ value }) => value > bound)) return [];
    const figures = `${Math.round(baseline)} ms before, ${Math.round(median(last.map(({ value }) => value)))} ms now`;
    return [{ at: first.at, text: `${target} is slow: ${figures}` }];
  });
}

/** Signals of this name that were 1 before and fell to 0. */
function fallen(series: SeriesBook, name: string, since: number, say: (label: string) => string): Symptom[] {
  return labels(series, name).flatMap((label) => {
    const points = series.get(`${name}{${label}}`)?.since(since - BASELINE.lookBackMs) ?? [];
    const was = points.findLast(({ at, value }) => at < since && Number.isFinite(value));
    const fell = points.find(({ at, value }) => at >= since && value === 0);
    return was?.value === 1 && fell ? [{ at: fell.at, text: say(label) }] : [];
  });
}

function killed(series: SeriesBook, since: number): Symptom[] {
  return labels(series, 'service.oomKills').flatMap((label) => {
    const points = series.get(`service.oomKills{${label}}`)?.since(since - BASELINE.lookBackMs) ?? [];
    const was = points.findLast(({ at, value }) => at < since && Number.isFinite(value));
    const rose = points.find(({ at, value }) => at >= since && value > (was?.value ?? Number.NaN));
    return rose ? [{ at: rose.at, text: `the kernel killed a process of ${label}: out of memory` }] : [];
  });
}

/** The labels of all signals of a name. */
const labels = (series: SeriesBook, name: string): string[] =>
  series
    .names()
    .flatMap((signal) => (signal.startsWith(`${name}{`) ? [signal.slice(name.length + 1, -1)] : []));
