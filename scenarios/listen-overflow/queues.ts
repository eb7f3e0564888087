import { insides } from '../../source/diagnosis/facts/inside.js';
import { addressesOf, serviceOf } from '../../source/diagnosis/facts/services.js';
import { withUnit } from '../../source/diagnosis/facts/units.js';
import { average, fresh } from '../../source/diagnosis/facts/values.js';
import { joinHostPort } from '../../source/linux/ip-address.js';
import type { ListenQueue, ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

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
export const dropsOf = (history: History, container: string | null = null): number | undefined =>
  average(history, signalOf(container), THRESHOLDS.dropped.windowMs);

export const signalOf = (container: string | null): string =>
  container === null ? OVERFLOWS : `${OVERFLOWS}{${container}}`;

export const isFull = ({ queued, backlog }: ListenQueue): boolean =>
  backlog !== null && backlog > 0 && queued > backlog;

/** Queues of this host and within its containers, with who they belong to. */
export function fullQueues(history: History): FullQueue[] {
  const own = (fresh(history.latest.sockets)?.listeners ?? []).flatMap((queue) => {
    const service = queue.service === null ? undefined : serviceOf(history, queue.service);
    return ofNetwork(history, queue, null, service, joinHostPort(queue.address, queue.port));
  });
  const inside = insides(history).flatMap(({ name, sockets }) => {
    const service = serviceOf(history, name);
    const address = (service && addressesOf(service)[0]) ?? name;
    return (sockets?.listeners ?? []).flatMap((queue) =>
      ofNetwork(history, queue, name, service, joinHostPort(address, queue.port)),
    );
  });
  // A container in the host's own network shows the host's listeners.
  const known = new Set(own.map(({ queue }) => queue.port));
  const sharing = (one: FullQueue): boolean =>
    (one.service?.container?.networks ?? []).some(({ name }) => name === 'host');
  return [...own, ...inside.filter((one) => !(known.has(one.queue.port) && sharing(one)))];
}

/** The queue, if it is full or must be: a counter is read at another moment than the queues. */
function ofNetwork(
  history: History,
  queue: ListenQueue,
  container: string | null,
  service: ServiceSample | undefined,
  id: string,
): FullQueue[] {
  const rate = dropsOf(history, container);
  const dropping = rate !== undefined && rate > THRESHOLDS.dropped.raise;
  const { queued, backlog, pressed } = queue;
  const most = backlog !== null && queued > THRESHOLDS.fillWhileDropping.value * backlog;
  if (!isFull(queue) && !(dropping && most)) return [];
  const process = pressed?.process ?? queue.holder;
  const who = container ?? queue.service ?? (process ? withUnit(process) : queue.address);
  return [{ queue, id, container, service, who, rate, signal: signalOf(container) }];
}
