import type { ListenQueue, ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { placeOf } from '../places.js';
import { isLocal, splitAddress } from './addresses.js';
import { standBehind } from './blast-radius.js';
import { chainFrom, type Link, type WaitBounds } from './chains.js';
import { dataWaitsOf, wellDatabaseAt } from './data-waits.js';
import { database } from './database.js';
import { sickDatastores } from './datastores.js';
import { resolverService, resolvers } from './dns.js';
import { edges } from './edges.js';
import { byAddress, silent, type TargetView, targets } from './http.js';
import type { Hung } from './hung.js';
import { listenQueue } from './listeners.js';
import { isFrozen, isPausedContainer, serviceAt, serviceOf } from './services.js';
import { type Unaccepted, type UnacceptedBounds, unacceptedListeners } from './unaccepted.js';
import { stuckUnixSockets, type UnixBounds, unixAddress, waitsAtUnix } from './unix-sockets.js';
import { fresh } from './values.js';

/** A refusal or an error is not silence; only an answer of the service ends this. */
const answers = (view: TargetView): boolean =>
  view.sample.status !== null || view.sample.failure?.kind === 'refused';

/**
 * Whatever is frozen, and every target that does not answer as it should; and the last one in a chain of waits behind a
 * silent target, where nothing else says what is wrong with it.
 */
export function hungListeners(history: History, bounds: WaitBounds & UnacceptedBounds & UnixBounds): Hung[] {
  const atTargets = targetListeners(history, bounds);
  const mute = atTargets.filter((one) => !one.frozen && one.silent.length === one.views.length);
  const elsewhere = [
    ...frozenWorkloads(history, atTargets),
    ...stoppedListeners(history, atTargets),
    ...atUnixSockets(history, bounds),
  ];
  const frozen = [...atTargets, ...elsewhere].filter((one) => one.frozen || one.unix !== undefined);
  const withWaiting = (one: Hung): Hung => {
    const waiting = mute.filter((other) => waitsFor(history, other, one));
    const chain = waiting[0]?.chain ?? [];
    const leadsHere = chain.at(-1)?.service?.name === one.service?.name;
    return { ...one, waiting: waiting.flatMap(({ silent: its }) => its), chain: leadsHere ? chain : [] };
  };
  const last = lastOfChains(history, mute).filter(
    ({ address }) =>
      !frozen.some((one) => one.address !== null && placeOf(one.address) === placeOf(String(address))),
  );
  return [
    ...atTargets
      .filter((one) => one.frozen || !one.views.every(answers))
      .map((one) =>
        one.frozen
          ? withWaiting(one)
          : {
              ...one,
              waits:
                one.chain.length > 0 ||
                dataWaitsOf(history, one, bounds.unanswered.value).length > 0 ||
                frozen.some((other) => waitsFor(history, one, other)),
            },
      ),
    ...elsewhere.map(withWaiting),
    ...last,
    ...acceptNobody(history, bounds, [...atTargets, ...elsewhere, ...last]),
  ];
}

function targetListeners(history: History, bounds: WaitBounds): Hung[] {
  const muted = byAddress(silent(history));
  return [...byAddress(targets(history))].map(([address, views]) => {
    const service = serviceAt(history, address);
    const process = service ? undefined : listenQueue(history, address)?.stopped;
    const frozen = process !== undefined || (service !== undefined && isFrozen(service));
    return {
      ...{ history, address, views, service, process, frozen },
      subject: { kind: 'listener', id: address } as const,
      silent: muted.get(address) ?? [],
      waiting: [],
      chain: frozen ? [] : chainFrom(history, service?.name ?? address, bounds),
      waits: false,
    };
  });
}

const NO_TARGET = { views: [], silent: [], waiting: [], chain: [], waits: false, frozen: true } as const;

/** Workloads whose processes are stopped, and that serve no target. What its engine paused has a name of its own. */
function frozenWorkloads(history: History, atTargets: readonly Hung[]): Hung[] {
  return (fresh(history.latest.services)?.services ?? [])
    .filter((service) => isFrozen(service) && !isPausedContainer(service))
    .filter(({ name }) => !atTargets.some(({ service }) => service?.name === name))
    .filter((service) => !hasOwnName(history, service))
    .map((service) => ({
      ...{ history, ...NO_TARGET, service },
      subject: { kind: 'workload', id: service.name } as const,
      address: null,
      process: undefined,
    }));
}

/**
 * A database that is asked, and a resolver that is silent, is named by what it is to others, its frozen process with it.
 * One that still answers what it is asked is no trouble yet.
 */
function hasOwnName(history: History, { name }: ServiceSample): boolean {
  const asked = database(history);
  return (
    (asked !== undefined && serviceAt(history, asked.address)?.name === name) ||
    sickDatastores(history).some(({ workload }) => workload === name) ||
    resolvers(history).some(
      (view) =>
        resolverService(history, view)?.name === name && view.names.some(({ sample }) => !sample.resolved),
    )
  );
}

/** Listeners of this host whose processes are stopped, that no workload is known for and no target leads to. */
function stoppedListeners(history: History, atTargets: readonly Hung[]): Hung[] {
  const found = (fresh(history.latest.sockets)?.listeners ?? []).filter(
    ({ stopped, service, port }) =>
      stopped !== undefined &&
      service === null &&
      !sickDatastores(history).some(
        (one) => splitAddress(one.address).port === port && isLocal(one.address),
      ) &&
      !atTargets.some((one) => one.process && splitAddress(one.address ?? '').port === port),
  );
  const byPort = new Map(found.map((queue) => [queue.port, queue]));
  return [...byPort.values()].map((queue: ListenQueue) => {
    const address = `127.0.0.1:${queue.port}`;
    return {
      ...{ history, address, ...NO_TARGET, service: undefined, process: queue.stopped },
      subject: { kind: 'listener', id: address } as const,
    };
  });
}

/** Servers at a Unix socket that are stopped, or accept nobody. */
const atUnixSockets = (history: History, bounds: UnixBounds): Hung[] =>
  stuckUnixSockets(history, bounds).map((unix) => {
    const { process, stopped, container } = unix;
    return {
      ...{ history, ...NO_TARGET, unix, address: unixAddress(unix) },
      service: container === null ? undefined : serviceOf(history, container),
      subject: { kind: 'listener', id: unixAddress(unix) } as const,
      frozen: stopped !== undefined,
      process: process && stopped ? { ...process, ...stopped } : undefined,
    };
  });

/** Listeners that accept nobody, and that are told of in no other way. */
function acceptNobody(history: History, bounds: UnacceptedBounds, told: readonly Hung[]): Hung[] {
  const isTold = ({ address, container, queue }: Unaccepted): boolean =>
    told.some(
      (one) =>
        (one.address !== null && placeOf(one.address) === placeOf(address)) ||
        (container !== null && one.service?.name === container),
    ) ||
    sickDatastores(history).some((one) =>
      container === null
        ? splitAddress(one.address).port === queue.port && isLocal(one.address)
        : one.workload === container,
    );
  return unacceptedListeners(history, bounds)
    .filter((one) => !isTold(one))
    .map((unaccepted) => ({
      ...{
        history,
        address: unaccepted.address,
        ...NO_TARGET,
        frozen: false,
        process: undefined,
        unaccepted,
      },
      subject: { kind: 'listener', id: unaccepted.address } as const,
      service: unaccepted.container === null ? undefined : serviceOf(history, unaccepted.container),
    }));
}

/** Whether a silent target waits for what is frozen: along its connections, or as the host's own are seen to. */
function waitsFor(history: History, one: Hung, frozen: Hung): boolean {
  if (one.address === null || one.address === frozen.address) return false;
  if (frozen.unix?.container === null)
    return one.service === undefined && waitsAtUnix(frozen.unix, one.address);
  if (frozen.service) return standBehind(history, [frozen.service], one.address);
  return one.service === undefined && isAsked(history, frozen);
}

/** Whether anybody on this host waits for a stopped listener: in its queue, or for an answer. */
function isAsked(history: History, { address }: Hung): boolean {
  if (address === null) return false;
  const { port } = splitAddress(address);
  return (
    (listenQueue(history, address)?.queued ?? 0) > 0 ||
    edges(history).some(
      (edge) => edge.inside === null && edge.port === port && (edge.unanswered?.count ?? 0) > 0,
    )
  );
}

/** Whether a link leads to what serves a target. */
const isAt = ({ service, address }: Hung, link: Link): boolean =>
  service !== undefined
    ? service.name === link.service?.name
    : address !== null && placeOf(address) === placeOf(link.address);

/** The last ones that silent targets wait for, where nothing is seen to be wrong with them but that they do not answer. */
function lastOfChains(history: History, mute: readonly Hung[]): Hung[] {
  const byLast = new Map<string, [Hung, ...Hung[]]>();
  for (const one of mute) {
    const last = one.chain.at(-1);
    if (!last || last.seenSick || last.requests === 0) continue;
    if (wellDatabaseAt(history, last.edge) !== undefined) continue;
    if (mute.some((other) => isAt(other, last))) continue;
    byLast.set(last.address, [...(byLast.get(last.address) ?? []), one] as [Hung, ...Hung[]]);
  }
  return [...byLast].map(([address, waiters]) => ({
    ...{ history, address, ...NO_TARGET, frozen: false, process: undefined },
    subject: { kind: 'listener', id: address } as const,
    service: waiters[0].chain.at(-1)?.service,
    waiting: waiters.flatMap(({ silent: its }) => its),
    chain: waiters[0].chain,
  }));
}
