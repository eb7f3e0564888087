import type { DnsLateAnswer, DnsOutcome, DnsStep } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { gather } from '../evidence.js';
import { namePlace, placeOfSubject } from '../places.js';
import { aroundClients, resolverSubject } from './blast-radius.js';
import { type NameView, nameGivenElsewhere, type ResolverView, resolvers } from './dns.js';
import { failingForNames, loggedOfNames } from './failing-askers.js';
import type { TargetView } from './http.js';
import { type LostLine, lostSuffix } from './lines-not-taken.js';
import { logged } from './logs.js';
import { isWantedInVain } from './wanted-names.js';

/** What says that a name does not exist, as against that nobody knows. */
const DENIALS: readonly DnsOutcome[] = ['NXDOMAIN', 'NODATA'];

/** A name of which a resolver says that it does not exist, as its first client hears it. */
export interface DeniedName {
  readonly name: string;
  /** `address:port` of the resolver that says so. */
  readonly resolver: string;
  readonly view: NameView;
  /** Every view in which it is denied: whose lookups fail. */
  readonly by: readonly ResolverView[];
  /** One of them was given it once, as far as is remembered. */
  readonly wasGiven: boolean;
  /** The step that denied it: in time, and, where none did in time, late. */
  readonly inTime: DnsStep | undefined;
  readonly denial: DnsStep | DnsLateAnswer | undefined;
  /** It is a failure: it was valid before, or somebody logs it, or somebody suffers and no name that was valid is missing. */
  readonly isMissed: boolean;
  /** It never was given, and somebody asks for it again and again: worth a word. */
  readonly isWanted: boolean;
  /** Who asks for it, null for this host; and the line of a resolv.conf that makes another name of the one that was meant. */
  readonly clients: readonly (string | null)[];
  readonly lost: LostLine | undefined;
  /** Targets that fail and may do so for want of it. */
  readonly sufferers: readonly TargetView[];
  /** Places at which that can be felt: at the name, at the resolvers that say so, and at those who ask. */
  readonly radius: readonly string[];
}

/** Before it is known of the others who misses it. */
type Found = Omit<
  DeniedName,
  'inTime' | 'denial' | 'isMissed' | 'isWanted' | 'clients' | 'lost' | 'sufferers' | 'radius'
>;

const isDenial = ({ outcome }: Pick<DnsStep, 'outcome'>): boolean => DENIALS.includes(outcome);

/**
 * Every name that is denied now, once, in the order in which names are asked for. Left out is what nobody hears of,
 * because a nameserver that is asked before gives the name (resolv.conf(5)); and what another client is given: such a
 * name exists, and what denies it stands in the way.
 */
export function deniedNames(history: History): DeniedName[] {
  const views = resolvers(history);
  const found = new Map<string, Found>();
  for (const [place, by] of views.entries())
    for (const view of by.names) {
      const { name } = view;
      if (!isDenied(view) || givenBefore(view, by, views.slice(0, place))) continue;
      if (nameGivenElsewhere(view, by.client, views)) continue;
      const given = view.ok.some(({ value }) => value === 1);
      const known = found.get(name) ?? { name, resolver: by.resolver, view, by: [], wasGiven: false };
      found.set(name, { ...known, by: [...known.by, by], wasGiven: known.wasGiven || given });
    }
  const all = [...found.values()];
  return all.map((one) => {
    const inTime = one.view.sample.steps.find(isDenial);
    const denial = inTime ?? one.view.sample.late.find(isDenial);
    const clients = one.by.map(({ client }) => client);
    const sufferers = failingForNames(history, clients, one.name);
    const lost = one.name.endsWith('.') ? undefined : gather(...one.by.map(lostSuffix))[0];
    const askedAt = one.by.map((view) => placeOfSubject(resolverSubject(view)));
    const radius = [namePlace(one.name), ...askedAt, ...aroundClients(history, clients)];
    const isWanted = one.by.some(({ names }) =>
      names.some((view) => view.name === one.name && isWantedInVain(view, { names })),
    );
    return {
      ...{ ...one, inTime, denial, isWanted, clients, lost, sufferers, radius },
      isMissed: isMissed(history, one, all, sufferers.length > 0),
    };
  });
}

const givenBefore = (
  { name }: NameView,
  { client }: ResolverView,
  earlier: readonly ResolverView[],
): boolean =>
  earlier.some(
    (other) => other.client === client && other.names.some((one) => one.name === name && one.sample.resolved),
  );

/** Every step, in time or late, says that there is no such name, and no step was left without an answer. */
function isDenied({ sample }: NameView): boolean {
  if (sample.resolved) return false;
  const said = [...sample.steps, ...sample.late].map((step) => step.outcome);
  const inTime = sample.steps.filter((step) => step.outcome !== 'timeout').map((step) => step.outcome);
  if (inTime.length === 0)
    return sample.late.length > 0 && sample.late.every((step) => step.outcome === 'NXDOMAIN');
  // No data of one family says nothing of the other, which nobody answered.
  const whole = inTime.length === sample.steps.length;
  return said.includes('NXDOMAIN') || (whole && inTime.every((outcome) => DENIALS.includes(outcome)));
}

/**
 * A name that never was and that nobody misses is no failure: it was valid before, or somebody logs it, or somebody
 * who may need it suffers and no name that was valid is missing.
 */
function isMissed(
  history: History,
  { name, wasGiven, view, by }: Found,
  all: readonly Found[],
  suffers: boolean,
): boolean {
  if (wasGiven) return true;
  const lines = logged(history, 'name-resolution-missing');
  if (lines.some(({ lastLine }) => lastLine.includes(name))) return true;
  // Who logs that it lacks a name, without saying which, and is denied one alone, lacks that.
  const lackedBy = ({ client }: ResolverView): boolean =>
    lines.some(({ service }) => service === client) &&
    all.every((one) => one.name === name || !one.by.some((other) => other.client === client));
  if (by.some(lackedBy)) return true;
  // Applications ask for many a name that was never there.
  if (view.sample.learnt) return false;
  if (all.some((one) => one.wasGiven)) return false;
  const clients = by.map(({ client }) => client);
  return suffers || loggedOfNames(history, clients, 'name-resolution-missing').length > 0;
}

/** That a resolver gives the names that it is asked for, in time or late, and denies none; undefined where it does not. */
export function givenText({ names }: ResolverView): string | undefined {
  const [first] = names;
  if (first && names.every(({ sample }) => sample.resolved))
    return `${first.name} resolves in ${duration(first.sample.totalMs)}`;
  const late = names.flatMap(({ sample }) => sample.late).find(({ outcome }) => outcome === 'NOERROR');
  const denied = names.some(({ sample }) => sample.steps.some(({ outcome }) => outcome === 'NXDOMAIN'));
  return late && !denied ? `the name exists: its address came after ${duration(late.ms)}` : undefined;
}
