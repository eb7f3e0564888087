import type { ProbeOutcome } from '../../probes/probe.js';
import type { Latest, LatestSamples } from '../history.js';

/** Probe ids that carry the one sample of their kind. */
const SINGLE = [
  'services',
  'logs',
  'sockets',
  'kernel',
  'conntrack',
  'dns',
  'postgres',
  'redis',
  'lab',
  'events',
  'swarm',
  'matrix',
] as const satisfies readonly (keyof LatestSamples)[];

/** Probes of which there are several: the first part of `<kind>:<name>`, and where their samples are kept. */
const MANY = { http: 'http', inside: 'inside', dns: 'lookups' } as const satisfies Readonly<
  Record<string, keyof LatestSamples>
>;
type Kind = keyof typeof MANY;
/** A container's samples are let go this long (ms) after it was last seen: it is gone, and another may come. */
const FORGOTTEN_MS = 120_000;

type Entry = Latest<unknown>;
type Entries = Readonly<Record<string, Entry>>;

/** When a sample is stale (ms, by probe id) where the probe itself is not there to say: in a recording. */
export function usualOverdueMs(id: string): number {
  // Ladders are climbed every 15 s while all is well, and a matrix of timeouts takes its time.
  if (kindOf(id)?.kind === 'dns') return 60_000;
  return id === 'matrix' || kindOf(id)?.kind === 'inside' ? 30_000 : 15_000;
}

/** The newest samples with one outcome folded in. A failed run keeps the last sample and marks it stale. */
export function foldOutcome(latest: LatestSamples, outcome: ProbeOutcome): LatestSamples {
  const many = kindOf(outcome.id);
  if (many) {
    const field = MANY[many.kind];
    const before = latest[field] as Entries | undefined;
    const entry = foldEntry(before?.[many.name], outcome);
    return entry ? { ...latest, [field]: { ...before, [many.name]: entry } } : latest;
  }
  const key = SINGLE.find((name) => name === outcome.id);
  if (!key) return latest;
  const entry = foldEntry(latest[key], outcome);
  return entry ? { ...latest, [key]: entry } : latest;
}

/** `{ kind: 'inside', name: 'api' }` of `inside:api`; undefined for an id that stands alone. */
export function kindOf(id: string): { readonly kind: Kind; readonly name: string } | undefined {
  const colon = id.indexOf(':');
  const kind = id.slice(0, Math.max(0, colon));
  return Object.hasOwn(MANY, kind) ? { kind: kind as Kind, name: id.slice(colon + 1) } : undefined;
}

function foldEntry(before: Entry | undefined, outcome: ProbeOutcome): Entry | undefined {
  if (outcome.ok) return { at: outcome.at, sample: outcome.sample, stale: false };
  return before && { ...before, stale: true };
}

/**
 * Marks samples stale that are older than their probe's overdue limit (ms, by probe id), and lets go of those of
 * containers that were not seen for two minutes.
 */
export function markOverdue(
  latest: LatestSamples,
  now: number,
  overdueMs: (id: string) => number,
): LatestSamples {
  const mark = (id: string, entry: Entry): Entry =>
    !entry.stale && now - entry.at > overdueMs(id) ? { ...entry, stale: true } : entry;
  const out: Record<string, unknown> = {};
  for (const key of SINGLE) {
    const entry = latest[key];
    if (entry) out[key] = mark(key, entry);
  }
  for (const [kind, field] of Object.entries(MANY)) {
    const before = latest[field] as Entries | undefined;
    if (!before) continue;
    const kept = Object.entries(before).filter(
      ([, { at, stale }]) => kind === 'http' || !stale || now - at <= FORGOTTEN_MS,
    );
    out[field] = Object.fromEntries(kept.map(([name, entry]) => [name, mark(`${kind}:${name}`, entry)]));
  }
  return out as unknown as LatestSamples;
}
