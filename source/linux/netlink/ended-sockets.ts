import type { OpenFd } from '../socket-calls.js';
import type { OnRow } from '../socket-row.js';
import { decodeDiagReply } from './inet-diag-reply.js';
import { type NetlinkSocket, openDiagSocket } from './netlink-socket.js';

/** SKNLGRP_INET_TCP_DESTROY (1) and SKNLGRP_INET6_TCP_DESTROY (3) of include/uapi/linux/sock_diag.h, as a mask. */
const TCP_DESTROY = (1 << 0) | (1 << 2);
/** One ended socket is a datagram of some 400 bytes. */
const BUFFER_BYTES = 8 * 1024;
/** Datagrams taken in one go: 5 µs each. */
const MOST_AT_ONCE = 4_000;

/**
 * What the kernel tells of each TCP socket of a network namespace when it ends, with its last `tcp_info`: how a
 * connection is known that came and went between two looks. It tells only while somebody listens, at 3 µs a socket.
 */
export class EndedSockets {
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);

  private constructor(private readonly socket: NetlinkSocket) {}

  /** Rejects where the kernel does not tell (before Linux 4.3) or koffi has no binary. `openFd` makes the socket in another namespace. */
  static async open(openFd?: OpenFd): Promise<EndedSockets> {
    return new EndedSockets(await openDiagSocket(openFd, TCP_DESTROY));
  }

  /**
   * Calls back for each that ended since. False when some were lost: more ended than there is room for. Throws
   * NetlinkError for what is no netlink.
   */
  drain(onRow: OnRow): boolean {
    let whole = true;
    for (let left = MOST_AT_ONCE; left > 0; left--) {
      const got = this.socket.receive(this.buffer);
      if (got === 0) return whole;
      if (got < 0) whole = false;
      else decodeDiagReply(this.buffer.subarray(0, got), 0, onRow);
    }
    return false;
  }

  close(): void {
    this.socket.close();
  }
}
