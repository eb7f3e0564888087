import { joinHostPort } from '../../linux/ip-address.js';
import type { SocketRow } from '../../linux/socket-row.js';
import type { PeerCount } from '../sockets/sample.js';

/** Peers told apart at most; one that opens more is no map of who talks to whom. */
const MOST_PEERS = 1_000;
const SHOWN = 64;

/** Collects whom the processes of a namespace have connected to, from its established sockets. */
export class OutboundEdges {
  private readonly peers = new Map<string, number>();

  /** `listening` are the ports seen so far: tables list their listeners first. */
  add(row: SocketRow, listening: ReadonlySet<number>): void {
    if (row.state !== 'ESTAB' || listening.has(row.localPort)) return;
    const peer = joinHostPort(row.remoteAddress(), row.remotePort);
    const count = this.peers.get(peer);
    if (count !== undefined || this.peers.size < MOST_PEERS) this.peers.set(peer, (count ?? 0) + 1);
  }

  /** Most sockets first, at most 64. */
  list(): PeerCount[] {
    return [...this.peers]
      .map(([peer, count]) => ({ peer, count }))
      .sort((a, b) => b.count - a.count || (a.peer < b.peer ? -1 : 1))
      .slice(0, SHOWN);
  }
}
