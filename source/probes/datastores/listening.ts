import type { Libc } from '../../linux/namespace/libc.js';
import { socketInside } from '../../linux/namespace/socket-in.js';
import { dumpSockets } from '../../linux/netlink/dump-sockets.js';
import { readTcpTable } from '../../linux/proc-net/read-table.js';
import type { OnRow } from '../../linux/socket-row.js';
import { stateMask, type TcpStateName } from '../../linux/tcp-states.js';

/** A listening socket. */
export interface ListeningSocket {
  readonly family: 4 | 6;
  readonly address: string;
  readonly port: number;
  readonly queued: number;
  readonly backlog: number | null;
  readonly inode: number;
}

/** A network namespace of this host, by a process in it; null for our own. */
export interface Inside {
  readonly pid: number | null;
  readonly libc: Libc | undefined;
  readonly signal: AbortSignal;
}

/** Listeners kept of one namespace. */
const MOST_LISTENERS = 2_000;

/**
 * All that listens in a namespace. The kernel keeps listeners in a table of their own, so asking for them alone costs
 * the same on a host of a million connections. Rejects when no means works.
 */
export async function listeningIn(inside: Inside): Promise<ListeningSocket[]> {
  const found: ListeningSocket[] = [];
  await rows(inside, ['LISTEN'], (row) => {
    if (found.length >= MOST_LISTENERS) return;
    const { family, localPort: port, rxQueue: queued, txQueue: backlog, inode } = row;
    found.push({ family, address: row.localAddress(), port, queued, backlog, inode });
  });
  return found;
}

/** One established connection to a listener, or of a client to a server. */
export interface Established {
  readonly localPort: number;
  readonly remotePort: number;
  readonly local: string;
  readonly peer: string;
  readonly inode: number;
}

/** Established connections with such a port at their near or far end; at most 20,000 are kept. */
export async function establishedIn(
  inside: Inside,
  ports: { readonly near?: ReadonlySet<number>; readonly far?: ReadonlySet<number> },
): Promise<Established[]> {
  const found: Established[] = [];
  await rows(inside, ['ESTAB'], (row) => {
    const { localPort, remotePort, inode } = row;
    if (!ports.near?.has(localPort) && !ports.far?.has(remotePort)) return;
    if (found.length < 20_000)
      found.push({ localPort, remotePort, local: row.localAddress(), peer: row.remoteAddress(), inode });
  });
  return found;
}

async function rows(inside: Inside, states: readonly TcpStateName[], onRow: OnRow): Promise<void> {
  const { pid, libc, signal } = inside;
  const wanted: OnRow = (row) => {
    if (states.includes(row.state)) onRow(row);
  };
  try {
    for (const family of [4, 6] as const)
      await dumpSockets({ family, protocol: 'tcp', states: stateMask(...states) }, wanted, {
        signal,
        ...(pid === null ? {} : { openFd: (...what) => socketInside(libcOr(libc), pid, ...what) }),
      });
  } catch {
    signal.throwIfAborted();
    for (const table of ['tcp', 'tcp6'])
      await readTcpTable(`/proc/${pid ?? 'self'}/net/${table}`, wanted, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        if (table === 'tcp') throw error;
      });
  }
}

function libcOr(libc: Libc | undefined): Libc {
  if (!libc) throw new Error('the network of another process cannot be entered');
  return libc;
}
