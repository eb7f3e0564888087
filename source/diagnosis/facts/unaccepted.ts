import { kindOfPort } from '../../probes/datastores/kinds.js';
import { type EdgeSignals, edgeSignals } from '../../probes/edges/series.js';
import type { ListenQueue } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { isLocal } from './addresses.js';
import { edges, type NamedEdge } from './edges.js';
import { insides } from './inside.js';
import { reachOfHost } from './reach.js';
import { addressesOf, serviceOf } from './services.js';
import { fresh, known, sum } from './values.js';

/** From when a listener that accepts nobody is hung. */
export interface UnacceptedBounds {
  /** Nobody was sent a byte for so long (ms), while others came. */
  readonly answersNobody: { readonly windowMs: number };
  /** The oldest of those that wait has waited so long (ms). */
  readonly unanswered: { readonly value: number };
}

/** A listener in whose queue connections lie that nobody accepts, and that answers nobody. */
export interface Unaccepted {
  readonly queue: ListenQueue;
  /** `host:port` as its clients know it. */
  readonly address: string;
  /** The container it is in; null on the host itself. */
  readonly container: string | null;
  /** Connections that came meanwhile, and how long the oldest request waits (ms). */
  readonly came: number;
  readonly forMs: number;
}

/** The looks that a verdict stands on at least. */
const LOOKS = 3;

/**
 * The listeners of this host and of its containers at which connections wait in the queue and not one byte was sent to
 * anybody for the whole window, while clients came: a slow server answers some of them. Left out is where a request of the
 * same network waits for a database or for another host: who waits for that may accept nobody meanwhile.
 */
export function unacceptedListeners(history: History, bounds: UnacceptedBounds): Unaccepted[] {
  const here = (fresh(history.latest.sockets)?.listeners ?? []).map((queue) => ({
    ...{ queue, container: queue.service, inside: null as string | null },
    address: `127.0.0.1:${queue.port}`,
  }));
  const within = insides(history).flatMap(({ name, sockets }) => {
    const service = serviceOf(history, name);
    const address = (service && addressesOf(service)[0]) ?? name;
    return (sockets?.listeners ?? []).map((queue) => ({
      ...{ queue, container: name, inside: name as string | null },
      address: `${address}:${queue.port}`,
    }));
  });
  return [...here, ...within].flatMap(({ queue, container, inside, address }): Unaccepted[] => {
    if (queue.queued === 0 || waitsElsewhere(history, inside, queue.port, bounds)) return [];
    const silence = silenceOf(history, queue.port, inside, bounds);
    return silence ? [{ queue, container, address, ...silence }] : [];
  });
}

function silenceOf(
  history: History,
  port: number,
  inside: string | null,
  { answersNobody: { windowMs }, unanswered }: UnacceptedBounds,
): Pick<Unaccepted, 'came' | 'forMs'> | undefined {
  const its = edges(history).filter(
    (edge) => edge.inside === inside && edge.port === port && (edge.direction === 'in' || isOwn(edge)),
  );
  const total = (figure: keyof EdgeSignals, some: readonly NamedEdge[]): number =>
    some.reduce((all, { label }) => all + sum(history, edgeSignals(label)[figure], windowMs), 0);
  const came = its.filter(({ direction }) => direction === 'in');
  const went = its.filter(({ direction }) => direction === 'out');
  const looks = known(history, inside === null ? 'sockets.LISTEN' : `sockets.LISTEN{${inside}}`, windowMs);
  const watchedMs = history.now - (looks[0]?.at ?? history.now);
  if (looks.length < LOOKS || watchedMs < windowMs / 2) return undefined;
  if (total('sent', came) > 0 || total('received', went) > 0) return undefined;
  const opened = total('opened', came);
  const forMs = Math.max(
    0,
    ...came.map(({ idleMs }) => idleMs?.most ?? 0),
    ...went.map((edge) => edge.unanswered?.longestMs ?? 0),
  );
  return opened > 0 && forMs >= unanswered.value ? { came: opened, forMs } : undefined;
}

const isOwn = ({ peer, port }: NamedEdge): boolean => isLocal(`${peer}:${port}`);

/**
 * Whether somebody in that container waits for a database, or for what is not in it; on this host, whether who may serve that
 * port waits for a database.
 */
function waitsElsewhere(
  history: History,
  inside: string | null,
  port: number,
  { unanswered }: UnacceptedBounds,
): boolean {
  const waits = (edge: NamedEdge): boolean =>
    (kindOfPort(edge.port) !== undefined || (inside !== null && !isOwn(edge))) &&
    (edge.synSent.retried > 0 ||
      (edge.stalled ?? 0) > 0 ||
      (edge.unanswered !== null &&
        edge.unanswered.count > 0 &&
        edge.unanswered.longestMs >= unanswered.value));
  if (inside !== null)
    return edges(history).some((edge) => edge.inside === inside && edge.direction === 'out' && waits(edge));
  const owned = edges(history).some((edge) => edge.inside === null && edge.owner !== null && waits(edge));
  return owned || reachOfHost(history, port, waits);
}
