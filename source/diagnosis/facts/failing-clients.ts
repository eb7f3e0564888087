import type { DnsNameSample, LogMatch } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { byClient, type NameView, nameGivenElsewhere, type ResolverView, resolvers } from './dns.js';
import { logged } from './logs.js';
import { serviceOf } from './services.js';
import { earliest, known } from './values.js';

/** In which way lookups fail: what a server says, nobody's answer, nobody at its port, or no way to send there. */
export type LookupFailure = 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'silence' | 'closed' | 'no way';

/** Somebody all of whose lookups fail alike. */
export interface FailingClient {
  /** A container; null for this host. */
  readonly client: string | null;
  readonly form: LookupFailure;
  readonly views: readonly [ResolverView, ...ResolverView[]];
  /** Its names, each once. */
  readonly names: readonly NameView[];
  /** Runs in a row, and the wall-clock ms of the first. */
  readonly runs: number;
  readonly since: number | null;
  /** Somebody else who was given one of those names meanwhile. */
  readonly control: ResolverView | undefined;
}

/** Everybody whose lookups all fail, the containers first. */
export function failingClients(history: History): FailingClient[] {
  const all = resolvers(history);
  return byClient(all)
    .flatMap((views) => failingClient(views, all) ?? [])
    .sort((a, b) => Number(a.client === null) - Number(b.client === null));
}

function failingClient(
  [first, ...others]: readonly ResolverView[],
  all: readonly ResolverView[],
): FailingClient | undefined {
  if (!first) return undefined;
  const asked = [first, ...others].flatMap(({ names }) => names);
  const forms = new Set(asked.map(({ sample }) => lookupFailure(sample)));
  const [form] = forms;
  const busy = asked.some(({ late, slow }) => late.length + slow.length > 0);
  if (forms.size !== 1 || form === undefined || busy) return undefined;
  return {
    client: first.client,
    form,
    views: [first, ...others],
    names: asked.filter(({ name }, i) => asked.findIndex((one) => one.name === name) === i),
    runs: Math.max(...asked.map(({ failed }) => failed)),
    since: earliest(...asked.map(({ failingSince }) => failingSince)),
    control: asked.flatMap((name) => nameGivenElsewhere(name, first.client, all) ?? [])[0],
  };
}

/** The way in which one name failed, or undefined when it did not, or in ways that are no one's. */
export function lookupFailure({ resolved, steps }: DnsNameSample): LookupFailure | undefined {
  // What does not fit into a datagram fails by itself: other names are given.
  if (resolved || steps.length === 0 || steps.some(({ truncated }) => truncated)) return undefined;
  const outcomes = new Set(steps.map(({ outcome }) => outcome));
  // The first questions may still wait for a neighbour that the kernel then does not find.
  const silent = [...outcomes].every((one) => one === 'timeout' || one === 'unreachable');
  if (outcomes.has('timeout')) return silent ? 'silence' : undefined;
  if (outcomes.has('refused')) return outcomes.size === 1 ? 'closed' : undefined;
  if (outcomes.has('unreachable')) return outcomes.size === 1 ? 'no way' : undefined;
  if (outcomes.has('SERVFAIL')) return 'SERVFAIL';
  if (outcomes.has('REFUSED')) return 'REFUSED';
  return outcomes.has('NXDOMAIN') ? 'NXDOMAIN' : undefined;
}

/** A container that logs that it is not given a name, while this host is given it. */
export interface LoggedFailure {
  readonly match: LogMatch;
  readonly control: ResolverView;
  /** Names that the last line speaks of and that the control is given. */
  readonly names: readonly string[];
  /** Wall-clock ms at which the lines began. */
  readonly since: number;
}

/** When logged lines speak of the present. */
export interface LogBounds {
  /** How far back the beginning of such lines is looked for (ms). */
  readonly logLookBack: { readonly windowMs: number };
  /** They have stopped when the last is older than this (ms). */
  readonly logGoesOn: { readonly windowMs: number };
  /** Runs in a row in which this host was given every name. */
  readonly runsInARow: { readonly value: number };
}

/**
 * What containers logged of names that they are not given, while this host is given every name it asks for, quickly,
 * and was given it between two lines: their way to the resolver fails, even before their own lookups are watched again.
 * One line alone may be of a moment in which nobody was given the name.
 */
export function loggedFailures(history: History, bounds: LogBounds): LoggedFailure[] {
  const all = resolvers(history);
  const isQuick = ({ sample, late, slow, ok }: NameView): boolean =>
    sample.resolved &&
    late.length + slow.length === 0 &&
    ok.slice(-bounds.runsInARow.value).every(({ value }) => value === 1);
  const control = all.find(
    ({ client, names }) => client === null && names.length > 0 && names.every(isQuick),
  );
  if (!control) return [];
  const lines = [
    ...logged(history, 'name-resolution-missing'),
    ...logged(history, 'name-resolution-temporary'),
  ];
  return lines.flatMap((match): LoggedFailure[] => {
    const { service, kind, lastAt, lastLine } = match;
    const own = serviceOf(history, service);
    const points = known(history, `logs.${kind}{${service}}`, bounds.logLookBack.windowMs);
    const since = points[points.findLastIndex(({ value }) => value === 0) + 1]?.at ?? lastAt;
    const wellSince = all.some(
      ({ client, at, names }) =>
        client === service && at > since && names.every(({ sample }) => sample.resolved),
    );
    const names = control.names.filter(({ name }) => lastLine.includes(name));
    const goesOn = history.now - lastAt < bounds.logGoesOn.windowMs;
    const isGivenBetween = names.some(({ ok }) =>
      ok.some(({ at, value }) => value === 1 && at > since && at <= lastAt),
    );
    return own?.container && isGivenBetween && goesOn && !wellSince
      ? [{ match, control, since, names: names.map(({ name }) => name) }]
      : [];
  });
}
