import {
  type ListenQueue,
  type ServiceSample,
  type StoppedListener,
  socketsOf,
} from '../../probes/samples.js';
import type { Subject } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { duration, listed, plural } from '../../terminal/format.js';
import { gather } from '../evidence.js';
import { splitAddress } from './addresses.js';
import { chainText, type Link } from './chains.js';
import { edges } from './edges.js';
import type { TargetView } from './http.js';
import { insideOf } from './inside.js';
import { listenQueue } from './listeners.js';
import { howFrozen, isPausedContainer, processText, stopText } from './services.js';
import type { Unaccepted } from './unaccepted.js';
import { unitAt, withUnit } from './units.js';
import { type PlacedQueue, unixServer, unixWaiter } from './unix-sockets.js';
import { earliest } from './values.js';

/** Something that answers nobody while it runs, or whose processes are stopped. */
export interface Hung {
  readonly history: History;
  /** The listener, `host:port`; a workload where it is frozen and no target is served by it. */
  readonly subject: Subject;
  /** `host:port`, as it is probed or as others ask it; null where no address of it is asked. */
  readonly address: string | null;
  /** All targets at the address, and those of them that stay silent. */
  readonly views: readonly TargetView[];
  readonly silent: readonly TargetView[];
  /** Who serves it, where that is known: a workload, or a stopped process of this host. */
  readonly service: ServiceSample | undefined;
  readonly process: StoppedListener | undefined;
  readonly frozen: boolean;
  /** Silent targets that wait for it; and the links from the first of them to it. */
  readonly waiting: readonly TargetView[];
  readonly chain: readonly Link[];
  /** Whether it waits for another that is silent or frozen, or for a database that holds back its answer. */
  readonly waits: boolean;
  /** What lies in its queue, where no target leads to it and it accepts nobody. */
  readonly unaccepted?: Unaccepted;
  /** Its queue, where it is asked at a Unix socket. */
  readonly unix?: PlacedQueue;
}

/** A queue of connections; the port is known of TCP's. */
type Queue = Pick<ListenQueue, 'queued' | 'backlog'> & Partial<Pick<ListenQueue, 'port'>>;

/** The fullest queue of connections that nobody accepts: at its address here, or inside its container. */
export function queueOf({ history, address, service, unix }: Hung): Queue | undefined {
  if (unix) return unix;
  const here = address === null ? undefined : listenQueue(history, address);
  const inside = (service && insideOf(history, service.name)?.sockets?.listeners) ?? [];
  return [...(here ? [here] : []), ...inside].sort((a, b) => b.queued - a.queued)[0];
}

/** Whether anybody has a connection with a listener of this host, or tries to. */
export function isConnectedTo({ history, address }: Pick<Hung, 'history' | 'address'>): boolean {
  const port = address === null ? undefined : splitAddress(address).port;
  return edges(history).some((edge) => {
    const { 'TIME-WAIT': over = 0, CLOSE: closed = 0 } = edge.states;
    return edge.inside === null && edge.port === port && socketsOf(edge) > over + closed;
  });
}

/** Wall-clock ms since when requests stay without an answer, or null. */
export const hungSince = ({ silent, waiting }: Hung): number | null =>
  earliest(...[...silent, ...waiting].map((view) => view.failingSince));

/** What a person calls it: its workload, its service or its process with its address, else where it is. */
export function hungLabel({ history, service, process, address, subject, unix }: Hung): string {
  if (unix) return unixServer(unix);
  if (service) return service.name;
  const known = process ?? (address === null ? undefined : unitAt(history, address));
  return known ? `${withUnit(known)} at ${address}` : (address ?? subject.id);
}

/** Who waits for it, and where it is. */
export function hungTarget({ service, address, chain, subject, unix }: Hung): string {
  if (unix) return `${unixWaiter(unix) ?? 'clients'} → ${address}`;
  const place = service && address !== null ? `${service.name} (${address})` : (address ?? subject.id);
  const [first] = chain;
  return `${first ? first.waiter : 'clients'} → ${place}`;
}

/** What it does to whom, or how it is frozen. */
export function hungTitle(one: Hung): string {
  const { service, process, frozen, chain } = one;
  const waiter = chain.at(-1)?.waiter;
  if (!frozen)
    return waiter === undefined
      ? `${hungLabel(one)} takes connections and does not answer`
      : `${hungLabel(one)} does not answer ${waiter}, which waits for it`;
  return `${hungLabel(one)} is frozen: ${howFrozen(service?.stopped ?? process, service !== undefined && isPausedContainer(service))}`;
}

/** Who waits for whom, what came of being asked, and what its process does, in words. */
export function hungLines(one: Hung): string[] {
  const { service, process, silent, address, waiting, chain } = one;
  const queued = queueOf(one)?.queued ?? 0;
  const first = silent[0];
  const others = [...new Set(waiting.map((view) => view.address))].filter((other) => other !== address);
  return gather(
    chain.length > 0 && chainText(chain),
    first &&
      `connected in ${duration(first.sample.phases.connect ?? 0)}, then not one byte in ${duration(first.sample.totalMs)}`,
    service && `${service.name}: ${processText(service)}`,
    process && `${process.name} (pid ${process.pid}): ${stopText(process)}`,
    one.unaccepted &&
      `${plural(one.unaccepted.came, 'connection')} came lately and not one was sent a byte: a slow server would answer some`,
    queued > 0 && `${queued} connections wait for somebody to accept them`,
    others.length > 0 && `silent as they wait for it: ${listed(others)}`,
  );
}
