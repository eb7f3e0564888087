import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { placeOfSubject } from '../places.js';
import { resolverSubject } from './blast-radius.js';
import { type Demand, demand } from './demand.js';
import { type NameView, type ResolverView, resolvers } from './dns.js';
import { failingForNames } from './failing-askers.js';
import { settled, waitedOut } from './lookup-trouble.js';
import { askersOf } from './resolver-clients.js';
import { isTurnedAway, shedsLoad } from './shed-load.js';
import { earliest } from './values.js';

/** From when a resolver has a queue, and when that feeds itself. */
export interface ResolverQueueBounds {
  /** Answers that came late, or barely in time. */
  readonly lateAnswers: { readonly value: number };
  /** Lookups that wait, and the mean wait (ms), from where more of them wait than arrivals can explain. */
  readonly waitingLookups: { readonly value: number };
  readonly meanWait: { readonly value: number };
  /** Lookups in vain in a row where no user is seen to suffer. */
  readonly runsWithoutTarget: { readonly value: number };
}

/** A resolver that is late, or was and is not settled yet. */
export interface ResolverQueue {
  readonly history: History;
  readonly view: ResolverView;
  /** Names that it turns away for want of room. */
  readonly shed: readonly NameView[];
  /** Lookups of it are turned away so, or waited for in vain while it answers others late: so often, or so felt, that it is saturated. */
  readonly sure: boolean;
  /** Every name answers well and in good time again. */
  readonly settled: boolean;
  /** Who asks it: containers by name, null for this host. */
  readonly askers: readonly (string | null)[];
  /** A target fails that may wait for it. */
  readonly felt: boolean;
  /** Wall-clock ms since when lookups fail, or null. */
  readonly since: number | null;
  readonly demand: Demand | undefined;
  /** The mean wait of a lookup by Little's law (ms), or undefined when it cannot be told. */
  readonly meanWaitMs: number | undefined;
  /** Far more lookups wait than arrivals can explain: the load feeds itself. */
  readonly outlived: boolean;
}

/** Each of them once. One that is settled and has no queue is none: working out whom it would reach takes its time with many containers. */
export function resolverQueues(history: History, bounds: ResolverQueueBounds): ResolverQueue[] {
  const load = demand(history);
  const meanWaitMs = littleWait(load);
  const crowded = (load?.waitingLookups ?? 0) >= bounds.waitingLookups.value;
  return eachResolver(history, bounds)
    .filter((view) => isQueued(view, bounds) || !view.names.every(settled))
    .map((view) => {
      const shed = shedsLoad(history, view) ? view.names.filter(isTurnedAway) : [];
      const askers = askersOf(history, view);
      const felt = failingForNames(history, askers).length > 0;
      return {
        ...{ history, view, shed, askers, felt, demand: load, meanWaitMs },
        since: earliest(...view.names.map(({ failingSince }) => failingSince)),
        sure: isSure(view, shed, felt, bounds),
        settled: view.names.every((name) => settled(name) && name.othersSlow.length === 0),
        outlived: crowded && meanWaitMs !== undefined && meanWaitMs >= bounds.meanWait.value,
      };
    });
}

function littleWait(load: Demand | undefined): number | undefined {
  if (!load || load.arrivals === undefined) return undefined;
  return load.arrivals > 0 ? (load.waitingLookups * 1000) / load.arrivals : Number.POSITIVE_INFINITY;
}

/** One view of each resolver: of several clients of one, whose lookups were waited for in vain, else that sees a queue. */
function eachResolver(history: History, bounds: ResolverQueueBounds): ResolverView[] {
  const groups = new Map<string, ResolverView[]>();
  for (const view of resolvers(history)) {
    const place = placeOfSubject(resolverSubject(view));
    groups.set(place, [...(groups.get(place) ?? []), view]);
  }
  return [...groups.values()].flatMap((views) => {
    const queued = views.filter((one) => isQueued(one, bounds));
    const turning = views.find((one) => one.names.some(isTurnedAway) && shedsLoad(history, one));
    return queued.find(({ names }) => names.some(waitedOut)) ?? turning ?? queued[0] ?? views[0] ?? [];
  });
}

/** A queue shows itself by answers that come late, or, as it builds up, by ones that are barely in time. */
const isQueued = ({ names }: ResolverView, { lateAnswers }: ResolverQueueBounds): boolean =>
  names.reduce((sum, name) => sum + name.late.length + name.slow.length, 0) >= lateAnswers.value;

/** Late answers that say "no such name" belong to a missing name, however slowly they come. */
const exists = ({ names }: ResolverView): boolean =>
  !names.some(({ sample }) => sample.late.some(({ outcome }) => outcome === 'NXDOMAIN'));

function isSure(
  view: ResolverView,
  shed: readonly NameView[],
  felt: boolean,
  bounds: ResolverQueueBounds,
): boolean {
  if (exists(view) && view.names.some(({ othersSlow }) => othersSlow.length > 0)) return true;
  const waiting = view.names.filter((name) => waitedOut(name) || shed.includes(name));
  if (waiting.length === 0 || !exists(view)) return false;
  if (shed.length === 0 && !isQueued(view, bounds)) return false;
  return felt || waiting.some(({ failed }) => failed >= bounds.runsWithoutTarget.value);
}

/** Why one resolver is not saturated: it answers in time, or ends lookups at once. Undefined where it does not. */
export function inTimeText({ names }: ResolverView): string | undefined {
  if (names.some((name) => name.late.length + name.slow.length > 0)) return undefined;
  if (names.every(settled)) {
    const slowest = Math.max(...names.map((name) => name.sample.totalMs));
    return `lookups take ${duration(slowest)}, none is late`;
  }
  const steps = names.flatMap((name) => name.sample.steps);
  const refused = steps.find(({ outcome }) => outcome === 'refused');
  if (refused) return `lookups are refused after ${duration(refused.ms)}, not late`;
  const denied = steps.find(({ outcome }) => outcome === 'NXDOMAIN');
  return denied && `the resolver answers in ${duration(denied.ms)}, none is late`;
}
