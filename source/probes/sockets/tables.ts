import { dumpSockets } from '../../linux/netlink/dump-sockets.js';
import { readTcpTable } from '../../linux/proc-net/read-table.js';
import { ReadError } from '../../linux/read-text.js';
import type { OnRow, SocketRow } from '../../linux/socket-row.js';
import { ALL_STATES, stateMask } from '../../linux/tcp-states.js';
import { inOneWalk, interruptedNote } from './families.js';
import { TCP_STATES, type TcpState } from './sample.js';

export type SocketMeans = 'netlink' | 'proc' | 'systeminformation';

/** What `means` of a sample says. */
export const MEANS_TEXT: Readonly<Record<SocketMeans, string>> = {
  netlink: 'netlink sock_diag',
  proc: '/proc/net/tcp',
  systeminformation: 'systeminformation',
};

export interface TableRequest {
  readonly means: SocketMeans;
  readonly families: readonly (4 | 6)[];
  /** Leave out ESTABLISHED and TIME-WAIT, which are most of a busy host; only netlink can. */
  readonly sickOnly: boolean;
  readonly signal: AbortSignal;
  readonly onRow: OnRow;
  /** Takes a sample of what was left out, of so many rows a family at most. */
  readonly sample?: { readonly mostRows: number; readonly onRow: OnRow };
}

const LEFT_OUT = stateMask('ESTAB', 'TIME-WAIT');

/** Reads the TCP tables by one means. Resolves with lines on what is wanting; rejects when the means does not work. */
export async function readTables(request: TableRequest): Promise<string[]> {
  if (request.means === 'systeminformation') return await readPortable(request.onRow);
  const missing: string[] = [];
  const { means, families } = request;
  if (means === 'netlink') {
    for (const family of inOneWalk(families)) {
      const { sickOnly, signal, onRow, sample } = request;
      const ask = { family, protocol: 'tcp', info: true } as const;
      const states = sickOnly ? ALL_STATES & ~LEFT_OUT : ALL_STATES;
      const { interrupted } = await dumpSockets({ ...ask, states }, onRow, { signal });
      if (sickOnly && sample)
        await dumpSockets({ ...ask, states: LEFT_OUT }, sample.onRow, { signal, mostRows: sample.mostRows });
      if (interrupted) missing.push(interruptedNote(family));
    }
  } else for (const family of families) await readText(family, request);
  return missing;
}

async function readText(family: 4 | 6, request: TableRequest): Promise<void> {
  try {
    await readTcpTable(family === 4 ? '/proc/net/tcp' : '/proc/net/tcp6', request.onRow, request.signal);
  } catch (error) {
    // A kernel without IPv6 has no tcp6, and then no sockets in it either.
    if (family === 6 && error instanceof ReadError && error.failure === 'missing') return;
    throw error;
  }
}

async function readPortable(onRow: OnRow): Promise<string[]> {
  // Loaded where it is needed: where there is netlink or /proc it never is.
  const { default: systeminformation } = await import('systeminformation');
  for (const connection of await systeminformation.networkConnections()) {
    const state = portableState(connection.state);
    if (!connection.protocol.startsWith('tcp') || !state) continue;
    const row: SocketRow = {
      family: connection.protocol.endsWith('6') || connection.localAddress.includes(':') ? 6 : 4,
      state,
      localPort: Number(connection.localPort) || 0,
      remotePort: Number(connection.peerPort) || 0,
      rxQueue: 0,
      txQueue: null,
      inode: 0,
      timer: 0,
      retransmits: 0,
      expiresMs: null,
      cookie: null,
      uid: null,
      cgroupId: null,
      info: null,
      localAddress: () => connection.localAddress,
      remoteAddress: () => connection.peerAddress,
    };
    onRow(row);
  }
  return [
    'listen queues: this system does not tell them',
    'outbound sockets by service: this system does not tell who opened them',
  ];
}

/** `CLOSE_WAIT`, `FIN_WAIT_1`, `SYN_RECEIVED` and `ESTABLISHED` as netstat and ss of several systems print them. */
function portableState(text: string): TcpState | undefined {
  const name = (text ?? '')
    .toUpperCase()
    .replaceAll('_', '-')
    .replace('ESTABLISHED', 'ESTAB')
    .replace('RECEIVED', 'RECV')
    .replace(/^FIN-?WAIT-?([12])$/, 'FIN-WAIT-$1')
    .replace(/^(CLOSED|UNCONN)$/, 'CLOSE');
  return TCP_STATES.find((state) => state === name);
}
