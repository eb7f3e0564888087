import type { UnixQueue } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { supports, type WeightedEvidence } from '../evidence.js';
import { placeOf } from '../places.js';
import type { Threshold } from '../threshold.js';
import { splitAddress } from './addresses.js';
import { aroundWorkloads } from './blast-radius.js';
import { edges } from './edges.js';
import { now } from './fixes.js';
import { apartFromHost } from './own-networks.js';
import { isFrozen, serviceOf } from './services.js';
import { withUnit } from './units.js';
import { fresh } from './values.js';

/** Servers that are asked at a path: who waits for them, and for how long nobody was accepted. */

/** A queue with the container it is in; null on the host itself. */
export type PlacedQueue = UnixQueue & { readonly container: string | null };

/** From when a Unix socket accepts nobody. */
export interface UnixBounds {
  /** The first in its queue has waited so long (ms), and it is not alone. */
  readonly unaccepted: { readonly value: number };
  /** What its processes ask of others is not answered for so long (ms). */
  readonly unanswered: { readonly value: number };
}

/** Alone in a queue is who wants what one at a time may have, as a command at a daemon's control socket. */
const LEAST_WAITING = 2;

/** Every Unix socket with a queue, of this host and of its containers. */
export const unixQueues = (history: History): readonly PlacedQueue[] => [
  ...(fresh(history.latest.sockets)?.unixQueues ?? []).map((queue) => ({ ...queue, container: null })),
  ...apartFromHost(history).flatMap(({ name, unixQueues: its = [] }) =>
    its.map((queue) => ({ ...queue, container: name })),
  ),
];

/**
 * Those whose processes are stopped, and those at which several wait and the first was not accepted for long. Left out is
 * one whose processes wait for somebody else themselves, and a container that is frozen as a whole, which is told as such.
 */
export const stuckUnixSockets = (history: History, bounds: UnixBounds): PlacedQueue[] =>
  unixQueues(history).filter((queue) => {
    const { stopped, queued, headForMs, container } = queue;
    const service = container === null ? undefined : serviceOf(history, container);
    if (service && isFrozen(service)) return false;
    if (stopped) return true;
    return (
      queued >= LEAST_WAITING &&
      headForMs >= bounds.unaccepted.value &&
      !waitsElsewhere(history, queue, bounds.unanswered.value)
    );
  });

/** Whether its processes, or in a container any, wait for a server. */
const waitsElsewhere = (history: History, { pids, container }: PlacedQueue, longMs: number): boolean =>
  edges(history).some(
    ({ inside, direction, synSent, stalled, unanswered, pids: holders = [] }) =>
      inside === container &&
      direction === 'out' &&
      (container !== null || holders.some((pid) => pids.includes(pid))) &&
      (synSent.retried > 0 || (stalled ?? 0) > 0 || (unanswered?.longestMs ?? 0) >= longMs),
  );

/** How it is addressed: `unix:/run/php/fpm.sock`, `unix:/tmp/app.sock in web`. */
export const unixAddress = ({ path, container }: PlacedQueue): string =>
  container === null ? `unix:${path}` : `unix:${path} in ${container}`;

/** Who listens, for a person. */
export const unixServer = (queue: PlacedQueue): string =>
  queue.process ? `${withUnit(queue.process)} at ${unixAddress(queue)}` : unixAddress(queue);

/** Who waits there, for a person; undefined where nobody was found. */
export const unixWaiter = ({ waiters: [first] }: PlacedQueue): string | undefined => first && withUnit(first);

/** For how long the first in its queue waits. */
export const unixRow = (queue: PlacedQueue, unaccepted: Threshold): WeightedEvidence =>
  supports(unaccepted, {
    signal: `sockets.unix{${unixAddress(queue)}}`,
    reading: queue.headForMs,
    value: `the first of ${plural(queue.queued, 'connection')} waits for ${duration(queue.headForMs)}`,
  });

/** What to look at first at who accepts too few, or nobody. */
export const lookAtUnixFix = (queue: PlacedQueue): Fix =>
  now(
    `see why ${unixServer(queue)} does not accept: it is stuck, short of CPU, or has too few workers`,
    queue.process
      ? `ps -L -o pid,lwp,stat,wchan:24,pcpu,cmd -p ${queue.process.pid}`
      : `ss -xlp src ${queue.path}`,
  );

/** Where its trouble shows: at itself, and at what those serve that wait for it. */
export const aroundUnix = (history: History, queue: PlacedQueue): string[] => {
  const service = queue.container === null ? undefined : serviceOf(history, queue.container);
  return [
    placeOf(unixAddress(queue)),
    ...(service ? aroundWorkloads(history, [service]) : []),
    ...queue.waiters.flatMap(({ ports }) => ports.map((port) => placeOf(`127.0.0.1:${port}`))),
  ];
};

/** Whether who serves an address of this host waits there. */
export const waitsAtUnix = ({ waiters }: UnixQueue, address: string): boolean =>
  waiters.some(({ ports }) => ports.includes(splitAddress(address).port));
