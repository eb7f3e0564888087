import type { ProbeOutcome } from '../../probes/probe.js';
import type { HttpSample } from '../../probes/samples.js';
import type { Latest, LatestSamples } from '../history.js';

/** Probe ids that carry the one sample of their kind; HTTP probes are `http:<target>`. */
const SINGLE = [
  'services',
  'logs',
  'sockets',
  'kernel',
  'conntrack',
  'dns',
  'postgres',
  'lab',
] as const satisfies readonly (keyof LatestSamples)[];

type Entry = Latest<unknown>;

/** The newest samples with one outcome folded in. A failed run keeps the last sample and marks it stale. */
export function foldOutcome(latest: LatestSamples, outcome: ProbeOutcome): LatestSamples {
  if (outcome.id.startsWith('http:')) {
    const target = outcome.id.slice('http:'.length);
    const entry = foldEntry(latest.http[target], outcome) as Latest<HttpSample> | undefined;
    return entry ? { ...latest, http: { ...latest.http, [target]: entry } } : latest;
  }
  const key = SINGLE.find((name) => name === outcome.id);
  if (!key) return latest;
  const entry = foldEntry(latest[key], outcome);
  return entry ? { ...latest, [key]: entry } : latest;
}

function foldEntry(before: Entry | undefined, outcome: ProbeOutcome): Entry | undefined {
  if (outcome.ok) return { at: outcome.at, sample: outcome.sample, stale: false };
  return before && { ...before, stale: true };
}

/** Marks samples stale that are older than their probe's overdue limit (ms, by probe id). */
export function markOverdue(
  latest: LatestSamples,
  now: number,
  overdueMs: (id: string) => number,
): LatestSamples {
  const mark = <S>(id: string, entry: Latest<S> | undefined): Latest<S> | undefined =>
    entry && !entry.stale && now - entry.at > overdueMs(id) ? { ...entry, stale: true } : entry;
  const out: Record<string, unknown> = {};
  for (const key of SINGLE) {
    const entry = mark<unknown>(key, latest[key]);
    if (entry) out[key] = entry;
  }
  const http: Record<string, Latest<HttpSample>> = {};
  for (const [target, entry] of Object.entries(latest.http))
    http[target] = mark(`http:${target}`, entry) ?? entry;
  return { ...out, http } as LatestSamples;
}
