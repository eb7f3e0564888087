import { joinHostPort } from '../../linux/ip-address.js';
import type {
  DnsNameSample,
  DnsOutcome,
  DnsSample,
  DnsStep,
  LineNotTaken,
  ServiceSample,
} from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { isLocal } from './addresses.js';
import { insidePoints, LATE_WINDOW_MS, type OwnPoints, ownPoints, SLOW_LOOKUP_MS } from './dns-points.js';
import { serviceAt } from './services.js';
import { fresh, streak } from './values.js';

export { LATE_WINDOW_MS, SLOW_LOOKUP_MS } from './dns-points.js';

export const DNS_PORT = 53;

/** One name as one resolver answered it lately. */
export interface NameView {
  readonly name: string;
  readonly sample: DnsNameSample;
  /** Runs without an address in a row until now, and the wall-clock ms of the first. */
  readonly failed: number;
  readonly failingSince: number | null;
  /** Of each run, whether it gave an address (1 or 0), and how long it took (ms). */
  readonly ok: readonly Point[];
  readonly ms: readonly Point[];
  /** Of each run, the family of the question that alone was not answered (4 or 6), or 0. */
  readonly half: readonly Point[];
  /** Of each run, what other names of the search list took before the one that gave an address (ms). */
  readonly search: readonly Point[];
  /** Answers that came after their client had given up, within the window asked for. */
  readonly late: readonly Point[];
  /** Answers that came in time but only just, within the same window: the first sign of a queue. */
  readonly slow: readonly Point[];
  /** Those of them that others waited for, as packets show, while we may have been answered quickly. */
  readonly othersSlow: readonly Point[];
}

/** One resolver as a black box: judged by its answers and by nothing it says of itself. */
export interface ResolverView {
  /** Container that asked, from its own network; null for this host. */
  readonly client: string | null;
  /** Wall-clock ms at which it last asked. */
  readonly at: number;
  /** `address:port`, as its client sees it. */
  readonly resolver: string;
  readonly patienceMs: number;
  readonly names: readonly NameView[];
  /** Lines of its client's resolv.conf that were meant and are not taken. */
  readonly notTaken: readonly LineNotTaken[];
  /** Questions of others that it has not answered, while it answers nobody: how many, and for how long (ms). */
  readonly unheard: { readonly asked: number; readonly ms: number } | undefined;
  /** Wall-clock ms of the last sign of life: an answer in time or a late one; null when none was ever seen. */
  readonly lastAnswerAt: number | null;
}

const SILENCE: readonly DnsOutcome[] = ['timeout', 'refused', 'unreachable'];

/** Whether somebody answered a question, be it in part. */
export const wasAnswered = ({ outcome, truncated }: DnsStep): boolean =>
  truncated === true || answered(outcome);

/** Whether an outcome is an answer, whatever it says. */
export const answered = (outcome: DnsOutcome): boolean => !SILENCE.includes(outcome);

/**
 * The resolvers that were asked lately, in the order they are asked: those of this host first, then those of each
 * container as it sees them. Empty when DNS is not probed here.
 */
export function resolvers(history: History): ResolverView[] {
  const before = taken.get(history);
  if (before) return before;
  const all = readResolvers(history);
  taken.set(history, all);
  return all;
}

/** Many modes ask for them: worked out once a look. */
const taken = new WeakMap<History, ResolverView[]>();

function readResolvers(history: History): ResolverView[] {
  const host = history.latest.dns;
  const own = fresh(host) ?? NOTHING_ASKED;
  const views = viewsOf(history, null, host?.at ?? history.now, own, (sample) =>
    ownPoints(history, sample, own.names),
  );
  const inside = Object.entries(history.latest.lookups ?? {}).filter(([, latest]) => !latest.stale);
  return views.concat(
    inside.flatMap(([client, { at, sample }]) =>
      viewsOf(history, client, at, sample, ({ name }) => insidePoints(history, client, name)),
    ),
  );
}

type Asked = Pick<DnsSample, 'names' | 'notTaken' | 'unheard'>;

const NOTHING_ASKED: Asked = { names: [] };

function viewsOf(
  history: History,
  client: string | null,
  at: number,
  { names: samples, notTaken = [], unheard = [] }: Asked,
  pointsOf: (sample: DnsNameSample) => OwnPoints,
): ResolverView[] {
  const groups = new Map<string, NameView[]>();
  for (const sample of samples) {
    const view = viewOf(history, sample, pointsOf(sample));
    groups.set(sample.resolver, [...(groups.get(sample.resolver) ?? []), view]);
  }
  return [...groups].map(([resolver, names]) => {
    const life = names.flatMap((view) => [...view.ok.filter((point) => point.value === 1), ...view.late]);
    const times = life.map((point) => point.at);
    if (names.some(({ sample }) => sample.steps.some(wasAnswered))) times.push(at);
    return {
      client,
      at,
      resolver,
      patienceMs: Math.max(...names.map(({ sample }) => sample.patienceMs)),
      names,
      notTaken,
      unheard: unheard.find(({ server }) => joinHostPort(server, DNS_PORT) === resolver),
      lastAnswerAt: times.length === 0 ? null : times.reduce((max, time) => Math.max(max, time)),
    };
  });
}

/** Of the same name so many answers, and so large a share of them, take too long: no cold cache, and no slip (our choice). */
const OTHERS_SLOW = { answers: 3, share: 0.25 } as const;

/** What others waited for too long; none where it was only now and then. */
function slowForOthers(others: readonly Point[]): readonly Point[] {
  const slow = others.filter(({ value }) => value >= SLOW_LOOKUP_MS);
  const enough = slow.length >= OTHERS_SLOW.answers && slow.length >= OTHERS_SLOW.share * others.length;
  return enough ? slow : [];
}

function viewOf(history: History, sample: DnsNameSample, points: OwnPoints): NameView {
  const { ok, ms, late, half, search } = points;
  const othersSlow = slowForOthers(points.others);
  const failing = sample.resolved ? null : streak(ok);
  const good = new Set(ok.filter((point) => point.value === 1).map((point) => point.at));
  const lately = history.now - LATE_WINDOW_MS;
  // One of two questions that is never answered is no queue.
  const halves = new Set(half.filter(({ value }) => value > 0).map((point) => point.at));
  const isSlow = ({ at, value }: Point): boolean =>
    at >= lately && value >= SLOW_LOOKUP_MS && good.has(at) && !halves.has(at);
  return {
    name: sample.name,
    sample,
    failed: failing?.count ?? (sample.resolved ? 0 : 1),
    failingSince: failing?.since ?? null,
    ok,
    ms,
    half,
    search,
    late,
    slow: [...ms.filter(isSlow), ...othersSlow],
    othersSlow,
  };
}

/** The service that answers a resolver's address; a container's own loopback is not this host's. */
export const resolverService = (
  history: History,
  { client, resolver }: Pick<ResolverView, 'client' | 'resolver'>,
): ServiceSample | undefined =>
  client !== null && isLocal(resolver) ? undefined : serviceAt(history, resolver, 'udp');

/** The views of one client, by client. */
export function byClient(views: readonly ResolverView[]): ResolverView[][] {
  const groups = new Map<string | null, ResolverView[]>();
  for (const view of views) groups.set(view.client, [...(groups.get(view.client) ?? []), view]);
  return [...groups.values()];
}

/**
 * Another client who was given a name since it began to fail for this one: then it is not the name, and not the server
 * that gives it, but the way between. Undefined when there is none.
 */
export const nameGivenElsewhere = (
  { name, sample, failingSince }: NameView,
  client: string | null,
  all: readonly ResolverView[],
): ResolverView | undefined =>
  sample.resolved
    ? undefined
    : all.find(
        (other) =>
          other.client !== client &&
          other.at > (failingSince ?? Number.POSITIVE_INFINITY) &&
          other.names.some((one) => one.name === name && one.sample.resolved),
      );

/** The same for any of the names that a client is not given. */
export function givenElsewhere(view: ResolverView, all: readonly ResolverView[]): ResolverView | undefined {
  for (const name of view.names) {
    const other = nameGivenElsewhere(name, view.client, all);
    if (other) return other;
  }
  return undefined;
}

/** The text of the first resolver when each of them is cleared; one that is not leaves the suspicion standing. */
export function everyResolver(
  history: History,
  clear: (view: ResolverView) => string | undefined,
): string | undefined {
  const texts = resolvers(history).map(clear);
  return texts.every((text) => text !== undefined) ? texts[0] : undefined;
}
