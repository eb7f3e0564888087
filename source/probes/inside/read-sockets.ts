import { setImmediate as nextTurn } from 'node:timers/promises';
import { insideNetwork } from '../../linux/namespace/inside-network.js';
import type { Libc } from '../../linux/namespace/libc.js';
import { socketInside } from '../../linux/namespace/socket-in.js';
import { dumpSockets } from '../../linux/netlink/dump-sockets.js';
import { readLocalPorts } from '../../linux/proc-net/local-ports.js';
import { readTcpTable } from '../../linux/proc-net/read-table.js';
import { ReadError } from '../../linux/read-text.js';
import type { OpenFd } from '../../linux/socket-calls.js';
import { ALL_STATES, stateMask } from '../../linux/tcp-states.js';
import { EdgeBook } from '../edges/edge-book.js';
import type { EndedWatch } from '../edges/ended-watch.js';
import type { NearPeers } from '../edges/near-peers.js';
import type { RefusalWatch } from '../edges/refusal-watch.js';
import type { CloseWaitBook } from '../sockets/close-wait.js';
import { type Family, inOneWalk, interruptedNote } from '../sockets/families.js';
import { readSocketCounters, type SocketCounters } from '../sockets/net-counters.js';
import { type PortTally, portTally } from '../sockets/port-use.js';
import { hostLimit, type PressedListeners } from '../sockets/pressed-listeners.js';
import type { InsideSockets } from './sample.js';
import { Tally } from './tally.js';
import type { TimeWaitMemory } from './time-wait.js';

/** Up to so many sockets every row is read; above, all but ESTABLISHED and TIME-WAIT (see the sockets probe). */
const FULL_CENSUS_SOCKETS = 5_000;
const LEFT_OUT = stateMask('ESTAB', 'TIME-WAIT');
const OVER = stateMask('TIME-WAIT');

export interface SocketsRequest {
  readonly pid: number;
  /** There when the process' network may be entered. */
  readonly libc: Libc | undefined;
  readonly signal: AbortSignal;
  /** What is known of those who listen in it, from look to look. */
  readonly pressed?: PressedListeners;
  /** Who was seen to hold what its peers have closed. */
  readonly closed?: CloseWaitBook;
  /** What was seen of its connections before; absent: nothing was. */
  readonly book?: EdgeBook;
  /** Tell of connections that came and went between looks, and of refused ones, in the network of this name. */
  readonly ended?: { readonly watch: EndedWatch; readonly refusals: RefusalWatch; readonly network: string };
  /** What is known of its wires; absent: nothing. */
  readonly near?: NearPeers;
  /** What was read of its TIME-WAIT sockets before; absent: they are read. */
  readonly over?: TimeWaitMemory;
  /** What its counters say now, where they were read. */
  readonly counters?: SocketCounters | undefined;
  /** Monotonic ms of this look. */
  readonly now?: number;
}

/**
 * Census of the network that a process is in. Gated on its own sockstat: a dump walks the whole host's table even
 * for a namespace without a socket (20 ms beside 100,000 of them), so where none is there none is asked for.
 * Rejects when neither means works.
 */
export async function readSocketsInside(
  request: SocketsRequest,
): Promise<InsideSockets & { notes: string[] }> {
  const { pid, libc, signal } = request;
  const counters = request.counters ?? readSocketCounters(`/proc/${pid}/net`);
  const families = ([4, 6] as const).filter((family) => hasAny(counters, family));
  const { book = new EdgeBook(), now = 0 } = request;
  const newTally = (ports?: PortTally): Tally =>
    new Tally(book.begin(now), request.closed?.begin(), now, ports);
  if (families.length === 0) return { ...newTally().summary(undefined), means: 'sockstat', notes: [] };
  const notes: string[] = [];
  if (libc) {
    try {
      const sickOnly = counters !== undefined && sizeOf(counters) > FULL_CENSUS_SOCKETS;
      const tally = newTally(portTally(counters, () => insideNetwork(libc, pid, () => readLocalPorts())));
      await dumpInside({ ...request, libc, counters }, inOneWalk(families), sickOnly, { tally, notes });
      const pressed = request.pressed?.tell(tally.listeners, performance.now(), () =>
        insideNetwork(libc, pid, hostLimit),
      );
      return {
        ...tally.summary(sickOnly ? counters : undefined, pressed, (address) =>
          request.near?.wireOf(address, now),
        ),
        ...{ means: 'netlink sock_diag', notes },
      };
    } catch (error) {
      signal.throwIfAborted();
      notes.push(`netlink sock_diag: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const tally = newTally();
  for (const family of families) await readTable(pid, family, tally, signal);
  return { ...tally.summary(undefined), means: '/proc/<pid>/net/tcp', notes };
}

async function dumpInside(
  { pid, libc, signal, ended, over, counters, now = 0 }: SocketsRequest & { readonly libc: Libc },
  families: readonly Family[],
  sickOnly: boolean,
  { tally, notes }: { readonly tally: Tally; readonly notes: string[] },
): Promise<void> {
  // Only where what ends is heard of: else a connection between two looks is seen by what is left of it.
  const before = sickOnly || !ended?.watch.listens ? undefined : over?.recent(ended.network, counters, now);
  const states = ALL_STATES & ~(sickOnly ? LEFT_OUT : before ? OVER : 0);
  const openFd: OpenFd = (...what) => socketInside(libc, pid, ...what);
  for (const family of families) {
    const ask = { family, protocol: 'tcp', info: true } as const;
    const { interrupted } = await dumpSockets({ ...ask, states }, (row) => tally.add(row), {
      signal,
      openFd,
    });
    if (sickOnly)
      await dumpSockets({ ...ask, states: LEFT_OUT }, (row) => tally.addSampled(row), {
        ...{ signal, openFd, mostRows: FULL_CENSUS_SOCKETS },
      });
    if (interrupted) notes.push(interruptedNote(family));
    await nextTurn();
  }
  if (before) tally.addOver(before);
  else if (!sickOnly && ended) over?.keep(ended.network, counters, tally.over(), now);
  await ended?.watch.take(ended.network, now, (row) => tally.addEnded(row), openFd);
  const { attemptFails } = counters ?? {};
  const look = { network: ended?.network ?? '', now, attemptFails, openFd };
  await ended?.refusals.take(look, (refusal) => tally.addRefusal(refusal));
}

async function readTable(pid: number, family: 4 | 6, tally: Tally, signal: AbortSignal): Promise<void> {
  try {
    const path = `/proc/${pid}/net/${family === 4 ? 'tcp' : 'tcp6'}`;
    await readTcpTable(path, (row) => tally.add(row), signal);
  } catch (error) {
    // A kernel without IPv6 has no tcp6, and then no sockets in it either.
    if (family === 6 && error instanceof ReadError && error.failure === 'missing') return;
    throw error;
  }
}

/** TIME-WAIT is counted for both families together; without counters there is no gate. */
function hasAny(counters: SocketCounters | undefined, family: 4 | 6): boolean {
  if (!counters) return true;
  return counters.timeWait > 0 || (family === 4 ? counters.inuse4 : (counters.inuse6 ?? 0)) > 0;
}

function sizeOf({ inuse4, inuse6, timeWait }: SocketCounters): number {
  return inuse4 + (inuse6 ?? 0) + timeWait;
}
