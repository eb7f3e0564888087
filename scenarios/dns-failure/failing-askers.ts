import {
  byAsker,
  type NameView,
  nameGivenElsewhere,
  type ResolverView,
  resolvers,
} from '../../source/diagnosis/facts/dns.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { serviceOf } from '../../source/diagnosis/facts/services.js';
import { earliest, known } from '../../source/diagnosis/facts/values.js';
import type { LogMatch } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { type Form, formOf } from './forms.js';
import { THRESHOLDS } from './thresholds.js';

/** Somebody all of whose lookups fail alike. */
export interface FailingAsker {
  /** A container; null for this host. */
  readonly asker: string | null;
  readonly form: Form;
  readonly views: readonly ResolverView[];
  /** Its names, each once. */
  readonly names: readonly NameView[];
  /** Runs in a row, and the wall-clock ms of the first. */
  readonly runs: number;
  readonly since: number | null;
  /** Somebody else who was given one of those names meanwhile. */
  readonly control: ResolverView | undefined;
}

/** Everybody whose lookups all fail, the containers first. */
export function failingAskers(history: History): FailingAsker[] {
  const all = resolvers(history);
  return byAsker(all)
    .flatMap((views) => failingAsker(views, all) ?? [])
    .sort((a, b) => Number(a.asker === null) - Number(b.asker === null));
}

function failingAsker(
  views: readonly ResolverView[],
  all: readonly ResolverView[],
): FailingAsker | undefined {
  const asked = views.flatMap(({ names }) => names);
  const forms = new Set(asked.map(({ sample }) => formOf(sample)));
  const [form] = forms;
  const busy = asked.some(({ late, slow }) => late.length + slow.length > 0);
  if (forms.size !== 1 || form === undefined || busy) return undefined;
  const asker = views[0]?.asker ?? null;
  return {
    asker,
    form,
    views,
    names: asked.filter(({ name }, i) => asked.findIndex((one) => one.name === name) === i),
    runs: Math.max(...asked.map(({ failed }) => failed)),
    since: earliest(...asked.map(({ failingSince }) => failingSince)),
    control: asked.flatMap((name) => nameGivenElsewhere(name, asker, all) ?? [])[0],
  };
}

/** A container that logs that it is not given a name, while this host is given it. */
export interface LoggedFailure {
  readonly match: LogMatch;
  readonly control: ResolverView;
  /** Wall-clock ms at which the lines began. */
  readonly since: number;
}

/**
 * What containers logged of names that they are not given, while this host is given every name it asks for, quickly,
 * and has asked since the lines began: their way to the resolver fails, even before their own lookups are watched again.
 */
export function loggedFailures(history: History): LoggedFailure[] {
  const all = resolvers(history);
  const control = all.find(({ asker, names }) => asker === null && names.length > 0 && names.every(isQuick));
  if (!control) return [];
  const lines = [
    ...logged(history, 'name-resolution-missing'),
    ...logged(history, 'name-resolution-temporary'),
  ];
  return lines.flatMap((match): LoggedFailure[] => {
    const { service, kind, lastAt, lastLine } = match;
    const own = serviceOf(history, service);
    const points = known(history, `logs.${kind}{${service}}`, LINES_MS);
    const since = points[points.findLastIndex(({ value }) => value === 0) + 1]?.at ?? lastAt;
    const wellSince = all.some(
      ({ asker, at, names }) =>
        asker === service && at > since && names.every(({ sample }) => sample.resolved),
    );
    const asksThat = control.names.some(({ name }) => lastLine.includes(name));
    const goesOn = history.now - lastAt < GOES_ON_MS && control.at > since;
    return own?.container && asksThat && goesOn && !wellSince ? [{ match, control, since }] : [];
  });
}

/** How far back the beginning of such lines is looked for, and when they have stopped (ms). */
const LINES_MS = 120_000;
const GOES_ON_MS = 6000;

const isQuick = ({ sample, late, slow, ok }: NameView): boolean =>
  sample.resolved &&
  late.length + slow.length === 0 &&
  ok.slice(-THRESHOLDS.runs.value).every(({ value }) => value === 1);
