import { isFamily, type Place } from '../../probes/place.js';
import type { ProbeOutcome } from '../../probes/probe.js';
import type { Registry } from '../../probes/source.js';
import type { Latest } from '../history.js';

export type Entry = Latest<unknown>;
export type Entries = Readonly<Record<string, Entry>>;
/** The newest samples of whatever sources a registry has: an entry each, or entries by name for a family. */
export type Held = Readonly<Record<string, Entry | Entries>>;

/** The newest samples with one outcome folded in. A failed run keeps the last sample and marks it stale. */
export function foldOutcome(held: Held, { field, name }: Place, outcome: ProbeOutcome): Held {
  const before = held[field];
  if (name === undefined) {
    const entry = foldEntry(before as Entry | undefined, outcome);
    return entry ? { ...held, [field]: entry } : held;
  }
  const members = before as Entries | undefined;
  const entry = foldEntry(members?.[name], outcome);
  return entry ? { ...held, [field]: { ...members, [name]: entry } } : held;
}

/** The newest samples without one member of a family. */
export const withoutMember = (held: Held, field: string, name: string): Held => ({
  ...held,
  [field]: Object.fromEntries(
    Object.entries((held[field] ?? {}) as Entries).filter(([known]) => known !== name),
  ),
});

function foldEntry(before: Entry | undefined, outcome: ProbeOutcome): Entry | undefined {
  if (outcome.ok) return { at: outcome.at, sample: outcome.sample, stale: false };
  return before && { ...before, stale: true };
}

/**
 * Marks samples stale that are older than their probe's overdue limit (ms, by probe id), and lets go of those of
 * a family's members that were not seen for as long as the registry says.
 */
export function markOverdue(
  held: Held,
  registry: Registry,
  now: number,
  overdueMs: (id: string) => number,
): Held {
  const mark = (id: string, entry: Entry): Entry =>
    !entry.stale && now - entry.at > overdueMs(id) ? { ...entry, stale: true } : entry;
  const out: Record<string, Entry | Entries> = {};
  for (const [field, source] of Object.entries(registry)) {
    const before = held[field];
    if (!before) continue;
    if (!isFamily(source)) {
      out[field] = mark(field, before as Entry);
      continue;
    }
    const { kind, forgottenMs } = source;
    const kept = Object.entries(before as Entries).filter(
      ([, { at, stale }]) => forgottenMs === null || !stale || now - at <= forgottenMs,
    );
    out[field] = Object.fromEntries(kept.map(([name, entry]) => [name, mark(`${kind}:${name}`, entry)]));
  }
  return out;
}
