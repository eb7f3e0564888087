import type { UnixQueue } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { supports, type WeightedEvidence } from '../evidence.js';
import { placeOf } from '../places.js';
import type { Threshold } from '../threshold.js';
import { splitAddress } from './addresses.js';
import { now } from './fixes.js';
import { withUnit } from './units.js';
import { fresh } from './values.js';

/** Servers of this host that are asked at a path: who waits for them, and for how long nobody was accepted. */

/** From when a Unix socket accepts nobody. */
export interface UnixBounds {
  /** The first in its queue has waited so long (ms), and it is not alone. */
  readonly unaccepted: { readonly value: number };
}

/** Alone in a queue is who wants what one at a time may have, as a command at a daemon's control socket. */
const LEAST_WAITING = 2;

/** Every Unix socket with a queue, longest wait first. */
export const unixQueues = (history: History): readonly UnixQueue[] =>
  fresh(history.latest.sockets)?.unixQueues ?? [];

/** Those whose processes are stopped, and those at which several wait and the first was not accepted for long. */
export const stuckUnixSockets = (history: History, { unaccepted }: UnixBounds): UnixQueue[] =>
  unixQueues(history).filter(
    ({ stopped, queued, headForMs }) =>
      stopped !== undefined || (queued >= LEAST_WAITING && headForMs >= unaccepted.value),
  );

/** How it is addressed: `unix:/run/php/fpm.sock`. */
export const unixAddress = ({ path }: UnixQueue): string => `unix:${path}`;

/** Who listens, for a person. */
export const unixServer = ({ process, path }: UnixQueue): string =>
  process ? `${withUnit(process)} at unix:${path}` : `unix:${path}`;

/** Who waits there, for a person; undefined where nobody was found. */
export const unixWaiter = ({ waiters: [first] }: UnixQueue): string | undefined => first && withUnit(first);

/** For how long the first in its queue waits. */
export const unixRow = (queue: UnixQueue, unaccepted: Threshold): WeightedEvidence =>
  supports(unaccepted, {
    signal: `sockets.unix{${unixAddress(queue)}}`,
    reading: queue.headForMs,
    value: `the first of ${plural(queue.queued, 'connection')} waits for ${duration(queue.headForMs)}`,
  });

/** What to look at first at who accepts too few, or nobody. */
export const lookAtUnixFix = (queue: UnixQueue): Fix =>
  now(
    `see why ${unixServer(queue)} does not accept: it is stuck, short of CPU, or has too few workers`,
    queue.process
      ? `ps -L -o pid,lwp,stat,wchan:24,pcpu,cmd -p ${queue.process.pid}`
      : `ss -xlp src ${queue.path}`,
  );

/** Where its trouble shows: at itself, and at what those serve that wait for it. */
export const aroundUnix = (queue: UnixQueue): string[] => [
  placeOf(unixAddress(queue)),
  ...queue.waiters.flatMap(({ ports }) => ports.map((port) => placeOf(`127.0.0.1:${port}`))),
];

/** Whether who serves an address of this host waits there. */
export const waitsAtUnix = ({ waiters }: UnixQueue, address: string): boolean =>
  waiters.some(({ ports }) => ports.includes(splitAddress(address).port));
