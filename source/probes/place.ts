import type { Probe } from './probe.js';
import { sources, USUAL_OVERDUE_MS } from './registry.js';
import type { ProbeSession } from './session.js';
import type { Family, Registry, Source } from './source.js';

/** What a probe's id stands for: its source, and the member's name where that is a family. */
export type Place =
  | { readonly field: string; readonly source: Source<unknown>; readonly name?: undefined }
  | { readonly field: string; readonly source: Family<unknown>; readonly name: string };

/** `{ field: 'lookups', name: 'api', … }` of `dns:api`, `{ field: 'dns', … }` of `dns`; undefined for no source's id. */
export function placeOf(probeId: string, registry: Registry = sources): Place | undefined {
  const colon = probeId.indexOf(':');
  if (colon === -1) {
    const own = Object.hasOwn(registry, probeId) ? registry[probeId] : undefined;
    return own && !isFamily(own) ? { field: probeId, source: own } : undefined;
  }
  const kind = probeId.slice(0, colon);
  for (const [field, one] of Object.entries(registry))
    if (isFamily(one) && one.kind === kind) return { field, source: one, name: probeId.slice(colon + 1) };
  return undefined;
}

export const isFamily = (one: Source<unknown> | Family<unknown>): one is Family<unknown> => 'kind' in one;

/** What a person calls the source of a probe; its id where no source has it. */
export function titleOf(probeId: string, registry: Registry = sources): string {
  const place = placeOf(probeId, registry);
  if (!place) return probeId;
  return place.name === undefined ? place.source.title : place.source.titleOf(place.name);
}

/** Where the source of a probe is read from, in general; nothing where no source has it. */
export function readsOf(probeId: string, registry: Registry = sources): string {
  return placeOf(probeId, registry)?.source.reads ?? '';
}

/** The probes of a session: those of what it was told to watch, of its workloads, and of the host. */
export function probesOf(session: ProbeSession, registry: Registry = sources): readonly Probe<unknown>[] {
  return Object.values(registry).flatMap((source) => source.probes?.(session) ?? []);
}

/** When a sample is stale (ms, by probe id) where the probe itself is not there to say: in a recording. */
export function usualOverdueMs(probeId: string, registry: Registry = sources): number {
  return placeOf(probeId, registry)?.source.overdueMs ?? USUAL_OVERDUE_MS;
}
