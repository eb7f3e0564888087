import { joinHostPort } from '../../linux/ip-address.js';
import type { SocketRow } from '../../linux/socket-row.js';
import { type PeerCount, TCP_STATES, type TcpState } from './sample.js';

/** Peers told apart at most in one census; sockets beyond are counted, their peers are not. */
const MOST_PEERS = 10_000;
const MOST_LISTENERS = 4_096;
const SHOWN_PEERS = 5;
const SICK = ['CLOSE-WAIT', 'SYN-SENT', 'SYN-RECV'] as const;
type SickState = (typeof SICK)[number];

export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly queued: number;
  readonly backlog: number | null;
  readonly inode: number;
  /** Number of the cgroup it was made in; null where the table has none. */
  readonly cgroupId: number | null;
}

export type Counts = Partial<Record<TcpState, number>>;

/** Every state at zero: a state that a table was read for and has none of is 0, not absent. */
export function noSockets(): Counts {
  return Object.fromEntries(TCP_STATES.map((state) => [state, 0]));
}

/** Adds up the rows of one or more tables. Memory is bounded however many sockets there are. */
export class Census {
  readonly v4 = noSockets();
  readonly v6 = noSockets();
  /** FIN-WAIT-2 sockets that the kernel keeps as TIME-WAIT minisockets and counts in `tw`. */
  readonly finWait2Minisockets = { v4: 0, v6: 0 };
  readonly listeners: Listener[] = [];
  readonly listeningPorts = new Set<number>();
  private readonly peers: Record<SickState, Map<string, number>> = {
    'CLOSE-WAIT': new Map(),
    'SYN-SENT': new Map(),
    'SYN-RECV': new Map(),
  };

  add(row: SocketRow): void {
    const counts = row.family === 4 ? this.v4 : this.v6;
    counts[row.state] = (counts[row.state] ?? 0) + 1;
    if (row.state === 'LISTEN') this.addListener(row);
    else if (row.state === 'FIN-WAIT-2' && row.timer === 3)
      this.finWait2Minisockets[row.family === 4 ? 'v4' : 'v6']++;
    else if (row.state === 'CLOSE-WAIT' || row.state === 'SYN-SENT' || row.state === 'SYN-RECV')
      this.addPeer(row.state, row);
  }

  topPeers(): Record<SickState, PeerCount[]> {
    const top = (state: SickState): PeerCount[] =>
      [...this.peers[state]]
        .map(([peer, count]) => ({ peer, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, SHOWN_PEERS);
    return { 'CLOSE-WAIT': top('CLOSE-WAIT'), 'SYN-SENT': top('SYN-SENT'), 'SYN-RECV': top('SYN-RECV') };
  }

  private addListener(row: SocketRow): void {
    this.listeningPorts.add(row.localPort);
    if (this.listeners.length >= MOST_LISTENERS) return;
    this.listeners.push({
      address: row.localAddress(),
      port: row.localPort,
      queued: row.rxQueue,
      backlog: row.txQueue,
      inode: row.inode,
      cgroupId: row.cgroupId,
    });
  }

  /** Of a client we serve the port says nothing: it is counted by address. Tables list their listeners first. */
  private addPeer(state: SickState, row: SocketRow): void {
    const address = row.remoteAddress();
    const served = state === 'SYN-RECV' || this.listeningPorts.has(row.localPort);
    const peer = served ? address : joinHostPort(address, row.remotePort);
    const peers = this.peers[state];
    if (peers.has(peer) || peers.size < MOST_PEERS) peers.set(peer, (peers.get(peer) ?? 0) + 1);
  }
}

/** Both families added up. */
export function addCounts(a: Counts, b: Counts): Counts {
  const sum: Counts = { ...a };
  for (const [state, count] of Object.entries(b) as [TcpState, number][])
    sum[state] = (sum[state] ?? 0) + count;
  return sum;
}
