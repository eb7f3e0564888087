import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { namePlace, placeOf, workloadPlace } from '../places.js';
import type { Thresholds } from '../threshold.js';
import { isLocal } from './addresses.js';
import { aroundWorkloads, bears } from './blast-radius.js';
import { connections } from './connections.js';
import { resolvers } from './dns.js';
import { containers, type Ending, type EndKind, endings } from './events.js';
import { failingAt } from './failing-at.js';
import { formerly, lostWays } from './former-places.js';
import { failing, type TargetView } from './http.js';
import { isGone, isRestarting, serviceAt } from './services.js';
import { known } from './values.js';

/** How long a container that ended and is away is told of. */
export const TOLD_AWAY = {
  toldAway: { unit: 'ms', value: 120_000, source: 'our choice: an end that is new, whoever misses it' },
  toldAwayWhileMissed: {
    unit: 'ms',
    value: 3_600_000,
    source: 'our choice: what ended longer ago is not what somebody looks for now, unless it is asked for',
  },
} as const satisfies Thresholds;

/** A container that ended, with what that does around it. */
export interface Ended {
  readonly history: History;
  readonly service: ServiceSample;
  /** Its last end. */
  readonly ending: Ending;
  /** How long it was, or has been, away (ms). */
  readonly awayMs: number;
  /** How often it ended in the time that was asked for. */
  readonly ends: number;
  /** Places at which its end can be felt, the targets that fail there, and whether anything there does. */
  readonly radius: readonly string[];
  readonly failing: readonly TargetView[];
  readonly felt: boolean;
}

/** The containers whose last end was one of these, with their ends of the last `ms`; not those that are being removed. */
export function ended(history: History, kinds: readonly EndKind[], ms: number): Ended[] {
  const there = containers(history);
  const all = endings(history);
  const last = new Map(all.map((ending) => [ending.workload, ending]));
  return [...last].flatMap(([name, ending]): Ended[] => {
    const service = there.get(name);
    if (!service || service.state === 'stopping' || !kinds.includes(ending.kind)) return [];
    const radius = aroundEnd(history, service);
    const { targets, any: felt } = failingAt(history, radius);
    const awayMs = (ending.backAt ?? history.now) - ending.at;
    const ends = endsOf(history, service, all, kinds, ms);
    return [{ history, service, ending, awayMs, ends, radius, failing: targets, felt }];
  });
}

/**
 * Whether nobody tells if the kernel ended it for memory: Podman sends no `oom` event, and on cgroup v1 its OOMKilled
 * stays false (measured with 4.3).
 */
export const isOomUntold = ({ history, ending }: Pick<Ended, 'history' | 'ending'>): boolean =>
  ending.kind === 'killed' && history.latest.services?.sample.engine === 'Podman';

/** Whether it is known that the kernel did not end it for memory. */
export const isNotOom = (one: Pick<Ended, 'history' | 'ending' | 'service'>): boolean =>
  one.ending.witnessed &&
  !isOomUntold(one) &&
  !(one.ending.kind === 'crashed' && one.service.container?.oomKills === null);

/** What is known of why it ended, in words; undefined where nobody saw it end. */
export function causeOfEnd(one: Pick<Ended, 'history' | 'ending'>): string | undefined {
  if (!one.ending.witnessed) return undefined;
  if (one.ending.kind === 'crashed')
    return 'nobody asked Docker to end it, and no oom event came before: it ended by itself';
  return isOomUntold(one)
    ? 'SIGKILL, from a person, a program, or the kernel for want of memory: its engine does not tell'
    : 'SIGKILL, not out of memory: no oom event before its end';
}

/** What the end of a container can cause: around it, at the address it may have had, and that its name is not found. */
export const aroundEnd = (history: History, service: ServiceSample): string[] => [
  ...aroundWorkloads(history, [service]),
  namePlace(service.name),
  ...formerly(history, service.container).map(workloadPlace),
  ...lostWays(history, service.container).map(({ address }) => placeOf(address)),
];

/**
 * How often a container ended lately: by its events, by what was seen, and by the count of restarts of one that waits
 * for its next try, which Docker begins anew once it has run for ten seconds (moby restartmanager).
 */
function endsOf(
  history: History,
  service: ServiceSample,
  all: readonly Ending[],
  kinds: readonly EndKind[],
  ms: number,
): number {
  const { name, restarts } = service;
  const told = all.filter(
    (one) => one.workload === name && kinds.includes(one.kind) && history.now - one.at <= ms,
  ).length;
  const up = known(history, `service.up{${name}}`, ms);
  const falls = up.filter((point, i) => point.value === 0 && up[i - 1]?.value === 1).length;
  const counts = known(history, `service.restarts{${name}}`, ms);
  const risen = restarts - (counts[0]?.value ?? restarts);
  const isWitnessed = all.some((one) => one.workload === name && one.witnessed);
  return Math.max(told, falls, risen, isRestarting(service) && !isWitnessed ? restarts : 0);
}

/** Whether no other container is away whose addresses are forgotten: else nobody knows whose an address was. */
const isOnlyOneGone = (history: History, { name }: ServiceSample): boolean =>
  [...containers(history).values()].every(
    (one) =>
      one.name === name ||
      !isGone(one) ||
      (one.container?.networks ?? []).every((net) => (net.address ?? net.formerAddress ?? null) !== null),
  );

/**
 * What misses a container that is away, in words, each by its own: a target that it serves itself, somebody who
 * connects to it or asks for its name. Stronger than that something fails on its networks.
 */
export function missedBy(history: History, service: ServiceSample): string[] {
  if (!isGone(service) && !isRestarting(service)) return [];
  const { name } = service;
  const served = failing(history).filter(({ address }) => serviceAt(history, address)?.name === name);
  const asking = connections(history).filter(
    ({ target, needed, cell }) => target === name && needed && cell.outcome !== 'connected',
  );
  const former = isOnlyOneGone(history, service) ? formerly(history, service.container) : [];
  const lost = isOnlyOneGone(history, service) ? lostWays(history, service.container) : [];
  const formerlyAsked = connections(history).filter(
    ({ target, needed, cell }) => former.includes(target) && needed && cell.outcome !== 'connected',
  );
  const lookups = resolvers(history).flatMap(({ client, names }) =>
    names.filter((one) => !one.sample.resolved && bears(service, one.name)).map(() => client ?? 'this host'),
  );
  return [
    ...served.map(({ target }) => `${target} is served by it`),
    ...lost.map(({ target }) => `no way leads to ${target} any more, where it may have been`),
    ...new Set(asking.map(({ source }) => `${source} connects to it`)),
    ...new Set(
      formerlyAsked.map(({ source, address }) => `${source} connects to ${address}, an address that was its`),
    ),
    ...new Set(lookups.map((client) => `${client} asks for its name`)),
  ];
}

/**
 * Whether a container is there to stay: it listens or publishes, its daemon is to restart it, it is a service of
 * compose. A task that ends is nobody's trouble.
 */
export function isService(history: History, { name, group, container }: ServiceSample): boolean {
  if (container?.isTask) return false;
  const listeners = history.latest.inside?.[name]?.sample.sockets?.listeners ?? [];
  // Docker's own resolver listens in every container, on loopback.
  const listens = listeners.some(({ address }) => !isLocal(address));
  const policy = container?.restartPolicy ?? 'no';
  return listens || (container?.publishedPorts.length ?? 0) > 0 || policy !== 'no' || group !== undefined;
}
