import type { DnsStep } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { isLocal } from './addresses.js';
import { type NameView, type ResolverView, resolvers } from './dns.js';

/**
 * A resolver that answers in part: one of the two questions of every lookup (`family`), what fits into a datagram and
 * not what is longer (`long`), or some names and others not (`names`).
 */
export interface HalfAnswer {
  readonly view: ResolverView;
  readonly form: 'family' | 'long' | 'names';
  /** The question that is not answered, as it was asked last; of a long answer the one that was begun. */
  readonly lost: DnsStep;
  /** One that is answered meanwhile. */
  readonly given: DnsStep | undefined;
  /** Those of its names that show it. */
  readonly names: readonly [NameView, ...NameView[]];
  /** Runs in a row, and wall-clock ms of the first. */
  readonly runs: number;
  readonly since: number | null;
}

/** Every resolver that answers in part, as the first of its clients sees it. */
export function halfAnswers(history: History): HalfAnswer[] {
  const found = new Map<string, HalfAnswer>();
  for (const view of resolvers(history)) {
    const half = familyLost(view) ?? longLost(view) ?? namesLost(view);
    const place = view.client !== null && isLocal(view.resolver) ? `${view.client} ` : '';
    if (half && !found.has(place + view.resolver)) found.set(place + view.resolver, half);
  }
  return [...found.values()];
}

/** Every name is answered for one family and for the other never, not even late. */
function familyLost(view: ResolverView): HalfAnswer | undefined {
  const [first, ...rest] = view.names;
  if (!first || view.names.some(({ late, slow }) => late.length + slow.length > 0)) return undefined;
  const family = first.half.at(-1)?.value ?? 0;
  if (family === 0 || rest.some(({ half }) => half.at(-1)?.value !== family)) return undefined;
  const qtype = family === 4 ? 'A' : 'AAAA';
  const steps = first.sample.steps;
  const lost = steps.find((step) => step.qtype === qtype && step.outcome === 'timeout');
  if (!lost) return undefined;
  const given = steps.find((step) => step.qname === lost.qname && step.qtype !== qtype);
  const same = runsOf(first.half, (value) => value === family);
  return { view, form: 'family', lost, given, names: [first, ...rest], ...same };
}

/** An answer that was cut short by UDP, and that TCP does not bring. */
function longLost(view: ResolverView): HalfAnswer | undefined {
  const isCut = ({ outcome, truncated }: DnsStep): boolean =>
    truncated === true && (outcome === 'timeout' || outcome === 'refused' || outcome === 'unreachable');
  const [first, ...rest] = view.names.filter(({ sample }) => sample.steps.some(isCut));
  const lost = first?.sample.steps.find(isCut);
  if (!first || !lost) return undefined;
  const given = view.names.flatMap(({ sample }) => sample.steps).find(({ outcome }) => outcome === 'NOERROR');
  return { view, form: 'long', lost, given, names: [first, ...rest], ...failedRuns(first) };
}

/** Some names are given at once, others are never answered: a queue would let any of them wait. */
function namesLost(view: ResolverView): HalfAnswer | undefined {
  const isLost = ({ sample }: NameView): boolean =>
    sample.steps.length > 0 && sample.steps.every(({ outcome }) => outcome === 'timeout');
  const [first, ...rest] = view.names.filter(isLost);
  const lost = first?.sample.steps[0];
  const others = view.names.filter((one) => !isLost(one));
  const given = others.flatMap(({ sample }) => sample.steps).find(({ outcome }) => outcome === 'NOERROR');
  if (!first || !lost || !given) return undefined;
  if (view.names.some(({ late, slow }) => late.length + slow.length > 0)) return undefined;
  return { view, form: 'names', lost, given, names: [first, ...rest], ...failedRuns(first) };
}

const failedRuns = ({ failed, failingSince }: NameView): { runs: number; since: number | null } => ({
  runs: failed,
  since: failingSince,
});

/** The unbroken run of such readings at the end. */
function runsOf(
  points: readonly Point[],
  passes: (value: number) => boolean,
): { runs: number; since: number | null } {
  const start = points.findLastIndex(({ value }) => !passes(value)) + 1;
  return { runs: points.length - start, since: points[start]?.at ?? null };
}
