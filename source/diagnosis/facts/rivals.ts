import type { RuledOut } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { database, databaseText, isInnocent } from './database.js';
import { answered, type ResolverView, resolverService, resolvers, settled } from './dns.js';
import { failing, targets } from './http.js';
import { isFrozen, isGone, processText, serviceAt } from './services.js';

/** The failure modes that are mistaken for one another. */
export type RivalId =
  | 'traffic-spike'
  | 'resolver-saturation'
  | 'database-down'
  | 'database-connections'
  | 'resolver-dead'
  | 'name-missing'
  | 'service-stopped'
  | 'service-hung';

type Clear = (history: History) => string | undefined;

/** Each rival's name for a person, and the figure that clears it; undefined when nothing measured clears it. */
const RIVALS: Readonly<Record<RivalId, { readonly title: string; readonly clear: Clear }>> = {
  'database-down': { title: 'the database', clear: clearDatabase },
  'database-connections': { title: 'a full database', clear: clearConnections },
  'resolver-dead': { title: 'a dead resolver', clear: clearDeadResolver },
  'name-missing': { title: 'a missing name', clear: clearMissingName },
  'traffic-spike': { title: 'a slow resolver', clear: clearSaturation },
  'resolver-saturation': { title: 'a slow resolver', clear: clearSaturation },
  'service-stopped': { title: 'a stopped service', clear: clearStopped },
  'service-hung': { title: 'a frozen service', clear: clearHung },
};

/** The rivals of one failure mode that are cleared, each with the figure that clears it, in the order asked for. */
export function ruledOut(history: History, ids: readonly RivalId[]): RuledOut[] {
  return ids.flatMap((id) => {
    const because = RIVALS[id].clear(history);
    return because === undefined ? [] : [{ id, title: RIVALS[id].title, because }];
  });
}

/** How a mode that has not been taken apart yet is called where it is ruled out, and what clears it. */
export const rivalOf = (id: string): { readonly title: string; readonly clear: Clear } | undefined =>
  (RIVALS as Readonly<Record<string, { readonly title: string; readonly clear: Clear }>>)[id];

function clearDatabase(history: History): string | undefined {
  const sample = database(history);
  return sample && isInnocent(sample) ? databaseText(sample) : undefined;
}

function clearConnections(history: History): string | undefined {
  const sample = database(history);
  if (!sample || sample.failure?.kind === 'too-many-connections' || sample.connections === null)
    return undefined;
  return isInnocent(sample) ? `${sample.connections} of ${sample.maxConnections} in use` : undefined;
}

/** Every resolver must be cleared; one that is not leaves the suspicion standing. */
function everyResolver(
  history: History,
  clear: (view: ResolverView) => string | undefined,
): string | undefined {
  const texts = resolvers(history).map(clear);
  return texts.every((text) => text !== undefined) ? texts[0] : undefined;
}

function clearDeadResolver(history: History): string | undefined {
  return everyResolver(history, (view) => {
    const { names } = view;
    const late = names.flatMap((name) => name.late).at(-1);
    const steps = names.flatMap((name) => name.sample.steps);
    const step = steps.find((one) => answered(one.outcome));
    const service = resolverService(history, view);
    // What it answered a while ago does not clear one that is gone or frozen now.
    if (service && (isGone(service) || isFrozen(service))) return undefined;
    if (steps.some((one) => one.outcome === 'refused')) return undefined;
    if (step) return `it answers: ${step.outcome} in ${duration(step.ms)}`;
    const sign = late ?? names.flatMap((name) => name.slow).at(-1);
    return sign && `it still answers, after ${duration(sign.value)}`;
  });
}

function clearMissingName(history: History): string | undefined {
  return everyResolver(history, ({ names }) => {
    const fine = names.find((name) => name.sample.resolved);
    if (names.length > 0 && names.every((name) => name.sample.resolved))
      return fine && `${fine.name} resolves in ${duration(fine.sample.totalMs)}`;
    const late = names.flatMap((name) => name.sample.late).find((one) => one.outcome === 'NOERROR');
    const missing = names.some((name) => name.sample.steps.some((step) => step.outcome === 'NXDOMAIN'));
    return late && !missing ? `the name exists: its address came after ${duration(late.ms)}` : undefined;
  });
}

function clearSaturation(history: History): string | undefined {
  return everyResolver(history, ({ names }) => {
    if (names.some((name) => name.late.length + name.slow.length > 0)) return undefined;
    if (names.every(settled)) {
      const slowest = Math.max(...names.map((name) => name.sample.totalMs));
      return `lookups take ${duration(slowest)}, none is late`;
    }
    const refused = names.flatMap((name) => name.sample.steps).find((step) => step.outcome === 'refused');
    if (refused) return `lookups are refused after ${duration(refused.ms)}, not late`;
    const missing = names.flatMap((name) => name.sample.steps).find((step) => step.outcome === 'NXDOMAIN');
    return missing && `the resolver answers in ${duration(missing.ms)}, none is late`;
  });
}

function clearStopped(history: History): string | undefined {
  const sick = failing(history)[0] ?? targets(history)[0];
  if (!sick) return undefined;
  const service = serviceAt(history, sick.address);
  if (service && isGone(service)) return undefined;
  const connect = sick.sample.phases.connect;
  if (connect === null || sick.sample.failure?.kind === 'refused') return undefined;
  return `${service?.name ?? sick.address} accepts connections in ${duration(connect)}`;
}

function clearHung(history: History): string | undefined {
  const sick = failing(history)[0];
  const view = sick ?? targets(history)[0];
  if (!view) return undefined;
  const service = serviceAt(history, view.address);
  if (service && isFrozen(service)) return undefined;
  if (!sick) return `it answers in ${duration(view.sample.totalMs)}`;
  const other = targets(history).find((one) => one.address === sick.address && one.sample.ok);
  if (other) return `${other.target} answers in ${duration(other.sample.totalMs)}`;
  if (sick.sample.status !== null) return `it answers: status ${sick.sample.status}`;
  if (sick.sample.failure?.kind === 'refused') return 'refused at once, not left waiting';
  // That it runs clears it only when something else it waits for is seen to be sick.
  const waits = resolvers(history).some((resolver) =>
    resolver.names.some((name) => name.failingSince !== null),
  );
  return service?.processState && waits ? `its ${processText(service)}; it waits` : undefined;
}
