import type { PostgresSample, ServiceSample } from '../../probes/samples.js';
import type { Subject } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { HOST_PLACE, namePlace, placeOf, placeOfSubject, workloadPlace } from '../places.js';
import { isLocal } from './addresses.js';
import { leadsTo } from './chains.js';
import { database } from './database.js';
import { type ResolverView, resolverService, resolvers } from './dns.js';
import { targets } from './http.js';
import { onceALook, onceALookBy } from './once-a-look.js';
import { mayTargetNeed } from './reach.js';
import { type Asked, askersOf } from './resolver-clients.js';
import { addressesOf, answersNobody, serviceAt, serviceOf } from './services.js';
import { swarmServiceOf } from './swarm.js';
import { fresh } from './values.js';

/** Where the trouble of something can be felt: lists of places for a candidate's `radius`. */

/** Networks that it is, or was, on; empty where that is not known, or it is no container. */
const networksOf = ({ container }: ServiceSample): string[] =>
  (container?.networks ?? []).map(({ name }) => name);

/** Docker's default network: whoever names none is on it, so that sharing it says nothing. */
const EVERYBODYS = 'bridge';

/** Whether two may have to do with each other: they share a network of their own, or it is not known that they do not. */
function mayMeet(one: ServiceSample, other: ServiceSample): boolean {
  const [own, its] = [networksOf(one), networksOf(other)];
  if (own.length === 0 || its.length === 0) return true;
  return own.some((name) => name !== EVERYBODYS && its.includes(name));
}

/** Whether one may stand behind a server: as connections show it, and where they do not, as networks do. */
const mayStandBehind = (history: History, one: ServiceSample, server: ServiceSample): boolean =>
  leadsTo(history, server, one) ?? mayMeet(one, server);

/** Workloads that may stand behind one, and those which it may stand behind: its trouble may be theirs, or theirs its own. */
export const linkedWith = (history: History, service: ServiceSample): ServiceSample[] =>
  (fresh(history.latest.services)?.services ?? []).filter(
    (one) =>
      one.name !== service.name &&
      (mayStandBehind(history, one, service) || mayStandBehind(history, service, one)),
  );

/**
 * Whether a workload may serve what nobody is seen to serve: one whose addresses are not known, and on this machine's
 * loopback one of the host's own network. A container's ports and addresses are known, also of one that has ended.
 */
function mayServeUnseen(service: ServiceSample, address: string): boolean {
  const networks = networksOf(service);
  return isLocal(address) ? networks.length === 0 || networks.includes('host') : networks.length === 0;
}

/** Whether one of these may stand behind what an address serves: it serves it, or who does may need it. */
export function standBehind(history: History, services: readonly ServiceSample[], address: string): boolean {
  const server = serviceAt(history, address);
  return services.some((one) =>
    server ? one.name === server.name || mayStandBehind(history, one, server) : mayServeUnseen(one, address),
  );
}

/** Every place that one workload is known by: its name, its Swarm service's, the ports it serves here, its addresses. */
export const placesOfWorkload = (service: ServiceSample): string[] => [
  ...[service.name, swarmServiceOf(service) ?? []].flat().map(workloadPlace),
  ...service.ports.flatMap(({ port }) => [
    placeOf(`127.0.0.1:${port}`),
    ...addressesOf(service).map((address) => placeOf(`${address}:${port}`)),
  ]),
];

/** Whether a workload goes by a name: its own, its service's, or one that its networks know it by, with a domain or without. */
export const bears = ({ name, group, container }: ServiceSample, asked: string): boolean =>
  [name, group, ...(container?.networks ?? []).flatMap(({ aliases = [] }) => aliases)].some(
    (own) => own !== undefined && (asked === own || asked.startsWith(`${own}.`)),
  );

/** Names that are asked for, with the workloads that bear each. */
const askedNames = onceALook((history) => {
  const all = fresh(history.latest.services)?.services ?? [];
  const lookups = [history.latest.dns, ...Object.values(history.latest.lookups ?? {})];
  const asked = lookups.flatMap((one) => (one && !one.stale ? one.sample.names : []));
  return new Map(
    [...new Set(asked.map(({ name }) => name))].map((name) => [
      name,
      all.filter((one) => bears(one, name)).map((one) => one.name),
    ]),
  );
});

/** Whether its engine told all the names that its networks know it by. */
const isNamed = ({ container }: ServiceSample): boolean =>
  container !== undefined &&
  container.networks.length > 0 &&
  container.networks.every(({ aliases }) => aliases !== undefined);

/**
 * Names that are asked for and that one of these may bear: it does, or nobody that is seen does and it is not known by
 * what names one of these goes.
 */
function namesOf(history: History, services: readonly ServiceSample[]): string[] {
  const own = new Set(services.map(({ name }) => name));
  const mayBear = !services.every(isNamed);
  return [...askedNames(history)].flatMap(([name, bearers]) =>
    (bearers.length === 0 && mayBear) || bearers.some((one) => own.has(one)) ? [name] : [],
  );
}

/**
 * Where the trouble of a workload shows to what may stand behind it: at the targets that it serves, else at itself
 * alone. For the `seenAt` of what its dependencies may have brought upon it.
 */
export function servedBy(history: History, name: string): string[] {
  const served = targets(history).filter(({ address }) => serviceAt(history, address)?.name === name);
  return served.length > 0 ? served.map(({ address }) => placeOf(address)) : [workloadPlace(name)];
}

/**
 * What the trouble of these workloads can cause: at themselves, at every target which they may stand behind, at those
 * of their networks whose requests they may serve, at the names they may bear, at the database only when one of them
 * serves it, or nobody that is seen, and at this host's own connections when it asks one of them itself.
 */
export function aroundWorkloads(history: History, services: readonly ServiceSample[]): string[] {
  const all = targets(history).map(({ address }) => address);
  const address = database(history)?.address;
  const server = address === undefined ? undefined : serviceAt(history, address);
  const isOne = (one: ServiceSample | undefined): boolean => services.some(({ name }) => name === one?.name);
  return [
    ...all.filter((one) => standBehind(history, services, one)).map(placeOf),
    ...services.flatMap(placesOfWorkload),
    ...namesOf(history, services).map(namePlace),
    ...(address !== undefined && (!server || isOne(server)) ? [placeOf(address)] : []),
    ...(isOne(server) || all.some((one) => isOne(serviceAt(history, one))) ? [HOST_PLACE] : []),
  ];
}

/** The same of one that may not be watched: then at itself alone. */
export function aroundWorkload(history: History, name: string): string[] {
  const service = serviceOf(history, name);
  return service ? aroundWorkloads(history, [service]) : [workloadPlace(name)];
}

/**
 * What the trouble of one listener can cause: at its address and at the workload that serves it, at whatever else that
 * serves, too, once its process has ended or is frozen.
 */
export function aroundListener(history: History, address: string): string[] {
  const service = serviceAt(history, address);
  if (!service) return [placeOf(address)];
  const whole = answersNobody(service);
  return [placeOf(address), ...(whole ? placesOfWorkload(service) : [workloadPlace(service.name)])];
}

/** What trouble of this host's own network can cause: anywhere on it, its containers and whatever it probes included. */
export function aroundHost(history: History): string[] {
  const services = fresh(history.latest.services)?.services ?? [];
  const database = fresh(history.latest.postgres);
  return [
    HOST_PLACE,
    ...targets(history).map(({ address }) => placeOf(address)),
    ...services.flatMap(placesOfWorkload),
    ...(database ? [placeOf(database.address)] : []),
    ...resolvers(history).map((view) => placeOfSubject(resolverSubject(view))),
  ];
}

/** A resolver as the one who asks it sees it; a container's own loopback is not this host's. */
export const resolverSubject = ({
  client,
  resolver,
}: Pick<ResolverView, 'client' | 'resolver'>): Subject => ({
  kind: 'listener',
  id: client !== null && isLocal(resolver) ? `${resolver} in ${client}` : resolver,
});

/** What the trouble of those who ask for names can cause: containers by name, null for this host itself. */
export function aroundClients(history: History, clients: readonly (string | null)[]): string[] {
  const all = fresh(history.latest.services)?.services ?? [];
  const containers = all.filter(({ name }) => clients.includes(name));
  return [
    ...clients.flatMap((name) => (name === null ? [] : [workloadPlace(name)])),
    ...(containers.length > 0 ? aroundWorkloads(history, containers) : []),
    ...(clients.includes(null) ? outsideContainers(history) : []),
  ];
}

/** Where the lookups of these clients fail, if they do: the resolvers as they see them, and the names they ask for. */
export const lookupsOf = (history: History, clients: readonly (string | null)[]): string[] =>
  resolvers(history)
    .filter(({ client }) => clients.includes(client))
    .flatMap((view) => [
      placeOfSubject(resolverSubject(view)),
      ...view.names.map(({ name }) => namePlace(name)),
    ]);

/**
 * What the trouble of a resolver can cause: at itself, and at those who ask it. This host's own resolver is asked by
 * every process of it that is in no container, and by whatever serves a target that nobody here is seen to serve. Each
 * worked out once a look: that takes its time with many containers.
 */
export const aroundResolver = onceALookBy((history, view: Asked): readonly string[] => {
  const server = resolverService(history, view);
  return [
    placeOfSubject(resolverSubject(view)),
    ...(server ? placesOfWorkload(server) : []),
    ...aroundClients(history, askersOf(history, view)),
  ];
});

/** This host itself, its processes, and the targets that none of its containers is seen to serve. */
export function outsideContainers(history: History): string[] {
  const services = fresh(history.latest.services)?.services ?? [];
  const own = targets(history).filter(({ address }) => !serviceAt(history, address)?.container);
  return [
    HOST_PLACE,
    ...own.map(({ address }) => placeOf(address)),
    ...services.filter(({ container }) => container === undefined).flatMap(placesOfWorkload),
  ];
}

/** What the trouble of a database can cause: at itself, and at whoever may be its client as connections show it. */
export function aroundDatabase(history: History, { address }: Pick<PostgresSample, 'address'>): string[] {
  const server = serviceAt(history, address);
  const needed = { address, workload: server?.name ?? null };
  const apart = new Set(
    targets(history)
      .filter((one) => placeOf(one.address) !== placeOf(address))
      .filter((one) => !mayTargetNeed(history, one.address, needed))
      .map((one) => placeOf(one.address)),
  );
  return [
    placeOf(address),
    ...(server ? aroundWorkloads(history, [server]) : targets(history).map((one) => placeOf(one.address))),
    ...(server?.container ? [] : outsideContainers(history)),
  ].filter((place) => !apart.has(place));
}

/**
 * What the trouble of a Swarm service can cause: around the containers of its tasks, at its name, and, as Swarm itself
 * serves what it publishes, at every target that nobody here is seen to serve.
 */
export function aroundSwarmService(history: History, name: string): string[] {
  const all = fresh(history.latest.services)?.services ?? [];
  const tasks = all.filter((service) => swarmServiceOf(service) === name);
  return [workloadPlace(name), ...[name, `tasks.${name}`].map(namePlace), ...aroundWorkloads(history, tasks)];
}
