import type { DnsNameSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { known, STREAK_MS } from './values.js';

/** Answers come late within this long, because nobody watches a query for longer (ms). */
export const LATE_WINDOW_MS = 15_000;
/** A lookup as asked is healthy below this (ms): the slow-probe alarm of awesome-prometheus-alerts (1 s). */
export const SLOW_LOOKUP_MS = 1000;

/** What one resolver answered for one name, run by run. */
export interface OwnPoints {
  readonly ok: readonly Point[];
  readonly ms: readonly Point[];
  readonly late: readonly Point[];
  /** How long others waited for what they were given (ms), as packets show. */
  readonly others: readonly Point[];
  /** Of each run, the family of the question that alone was not answered (4 or 6), or 0. */
  readonly half: readonly Point[];
  /** Of each run, what other names of the search list took before the one that gave an address (ms). */
  readonly search: readonly Point[];
}

/** The points of one name as one container asked for it, whichever of its nameservers answered. */
export function insidePoints(history: History, client: string, name: string): OwnPoints {
  const label = `{${client}/${name}}`;
  return {
    ok: known(history, `dns.ok${label}`, STREAK_MS),
    ms: known(history, `dns.ms${label}`, STREAK_MS),
    late: known(history, `dns.late${label}`, LATE_WINDOW_MS),
    others: known(history, `dns.othersMs${label}`, LATE_WINDOW_MS),
    half: known(history, `dns.half${label}`, STREAK_MS),
    search: known(history, `dns.search${label}`, STREAK_MS),
  };
}

/** The points of one name that belong to one resolver; signals are kept by name, whoever was asked. */
export function ownPoints(history: History, sample: DnsNameSample, all: readonly DnsNameSample[]): OwnPoints {
  const asked = all.filter((one) => one.name === sample.name);
  const pick = (signal: string): Point[] =>
    every(history, signal, asked.indexOf(sample), asked.length).filter(({ value }) => Number.isFinite(value));
  const alone = asked.length === 1;
  const at = history.latest.dns?.at ?? history.now;
  return {
    ok: pick(`dns.ok{${sample.name}}`),
    ms: pick(`dns.ms{${sample.name}}`),
    half: pick(`dns.half{${sample.name}}`),
    search: pick(`dns.search{${sample.name}}`),
    others: alone ? known(history, `dns.othersMs{${sample.name}}`, LATE_WINDOW_MS) : [],
    // Late answers are told by whoever gave one: among several resolvers only those of the last run are known apart.
    late: alone
      ? known(history, `dns.late{${sample.name}}`, LATE_WINDOW_MS)
      : sample.late.map(({ ms }) => ({ at, value: ms })).filter(({ value }) => Number.isFinite(value)),
  };
}

/** Each run pushes one point for each of `of` resolvers, in the order they are asked and all at the run's own time. */
function every(history: History, signal: string, place: number, of: number): readonly Point[] {
  const points = history.window(signal, STREAK_MS);
  if (of === 1) return points;
  const runs = new Map<number, Point[]>();
  for (const point of points) runs.set(point.at, [...(runs.get(point.at) ?? []), point]);
  return [...runs.values()].flatMap((run) => (run.length === of ? (run[place] ?? []) : []));
}
