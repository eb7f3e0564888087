import { joinHostPort } from '../../linux/ip-address.js';
import type { ListenQueue, ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { insides } from './inside.js';
import { addressesOf, isOnHost, serviceOf } from './services.js';
import { withUnit } from './units.js';
import { average, fresh } from './values.js';

/** From when a listener's queue is full. */
export interface QueueBounds {
  /** Connections that full listeners of a network drop a second, mean of this time. */
  readonly dropped: { readonly raise: number; readonly windowMs: number };
  /** While they do, the queue that holds more than this share of its backlog is the one. */
  readonly fillWhileDropping: { readonly value: number };
}

/** A listener whose queue is full, or must have been. */
export interface FullQueue {
  readonly queue: ListenQueue;
  /** `address:port`, as its clients know it. */
  readonly id: string;
  /** The container it is in; null on the host itself. */
  readonly container: string | null;
  /** The workload that listens, where it is one that we watch. */
  readonly service: ServiceSample | undefined;
  /** Who listens, for a person. */
  readonly who: string;
  /** Connections that full listeners of its network drop a second; undefined when not read. */
  readonly rate: number | undefined;
  /** What that is read from. */
  readonly signal: string;
}

const OVERFLOWS = 'kernel.TcpExt.ListenOverflows';

/** What full listeners drop a second, mean of the window: of this host, or within one container. */
export const listenDrops = (
  history: History,
  container: string | null,
  { dropped }: QueueBounds,
): number | undefined => average(history, listenDropsSignal(container), dropped.windowMs);

/** The counter that it is read from. */
export const listenDropsSignal = (container: string | null): string =>
  container === null ? OVERFLOWS : `${OVERFLOWS}{${container}}`;

/** Whether its queue holds more than it was given. */
export const isFull = ({ queued, backlog }: Pick<ListenQueue, 'queued' | 'backlog'>): boolean =>
  backlog !== null && backlog > 0 && queued > backlog;

/** Queues of this host and within its containers, with who they belong to. */
export function fullQueues(history: History, bounds: QueueBounds): FullQueue[] {
  const own = (fresh(history.latest.sockets)?.listeners ?? []).flatMap((queue) => {
    const service = queue.service === null ? undefined : serviceOf(history, queue.service);
    return ofNetwork(history, bounds, queue, null, service, joinHostPort(queue.address, queue.port));
  });
  const inside = insides(history).flatMap(({ name, sockets }) => {
    const service = serviceOf(history, name);
    const address = (service && addressesOf(service)[0]) ?? name;
    return (sockets?.listeners ?? []).flatMap((queue) =>
      ofNetwork(history, bounds, queue, name, service, joinHostPort(address, queue.port)),
    );
  });
  // A container in the host's own network shows the host's listeners.
  const known = new Set(own.map(({ queue }) => queue.port));
  const sharing = (one: FullQueue): boolean => one.service !== undefined && isOnHost(one.service);
  return [...own, ...inside.filter((one) => !(known.has(one.queue.port) && sharing(one)))];
}

/** The queue, if it is full or must be: a counter is read at another moment than the queues. */
function ofNetwork(
  history: History,
  bounds: QueueBounds,
  queue: ListenQueue,
  container: string | null,
  service: ServiceSample | undefined,
  id: string,
): FullQueue[] {
  const rate = listenDrops(history, container, bounds);
  const dropping = rate !== undefined && rate > bounds.dropped.raise;
  const { queued, backlog, pressed } = queue;
  const most = backlog !== null && queued > bounds.fillWhileDropping.value * backlog;
  if (!isFull(queue) && !(dropping && most)) return [];
  const process = pressed?.process ?? queue.holder;
  const who = container ?? queue.service ?? (process ? withUnit(process) : queue.address);
  return [{ queue, id, container, service, who, rate, signal: listenDropsSignal(container) }];
}
