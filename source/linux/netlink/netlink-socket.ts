import { loadSocketCalls, MSG_DONTWAIT, type OpenFd, SOL_SOCKET } from '../socket-calls.js';

/** include/uapi/linux/{socket,netlink}.h, include/linux/socket.h, asm-generic/socket.h. */
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_SOCK_DIAG = 4;
/** Makes recv() answer the datagram's true length, so that a cut-off one is seen. */
const MSG_TRUNC = 0x20;
const SO_RCVBUF = 8;
/** As SO_RCVBUF, beyond net.core.rmem_max: for those who may (CAP_NET_ADMIN). */
const SO_RCVBUFFORCE = 33;
/** Room for some 4,000 sockets that wait to be received: a dump beside a busy event loop does not overrun. */
const RECEIVE_BYTES = 4 * 1024 * 1024;
const EINTR = 4;
const EAGAIN = 11;
const ENOBUFS = 105;

export interface NetlinkSocket {
  send(message: Buffer): void;
  /**
   * Bytes put into `into`; 0 when nothing is there yet, -1 when the kernel had to drop some for want of room. Throws
   * when the datagram was longer than `into`.
   */
  receive(into: Buffer): number;
  close(): void;
}

/**
 * A NETLINK_SOCK_DIAG socket; needs no privilege. Rejects where koffi has no binary for the platform or the kernel
 * has no sock_diag (EPROTONOSUPPORT), which is when the caller reads /proc/net/tcp instead.
 * `openFd` stands in for socket(2) where the socket is to belong to another network namespace; `groups` is a mask of
 * multicast groups to listen to, `protocol` another one of netlink's.
 */
export async function openDiagSocket(
  openFd?: OpenFd,
  groups = 0,
  protocol = NETLINK_SOCK_DIAG,
): Promise<NetlinkSocket> {
  const libc = await loadSocketCalls();
  const fail = (what: string): never => {
    throw new Error(`netlink ${what} failed (errno ${libc.errno()})`);
  };
  const create = openFd ?? ((...what) => libc.socket(...what) as number);
  const fd = create(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (fd < 0) fail('socket()');
  const room = Buffer.from(new Int32Array([RECEIVE_BYTES]).buffer);
  for (const name of [SO_RCVBUF, SO_RCVBUFFORCE]) libc.setsockopt(fd, SOL_SOCKET, name, room, room.length);
  const kernel = netlinkAddress(0);
  if (groups !== 0 && libc.bind(fd, netlinkAddress(groups), kernel.length) !== 0) {
    const errno = libc.errno();
    libc.close(fd);
    throw new Error(`netlink bind() failed (errno ${errno})`);
  }
  let open = true;
  return {
    send(message) {
      const sent = Number(libc.sendto(fd, message, message.length, 0, kernel, kernel.length));
      if (sent !== message.length) fail('sendto()');
    },
    receive(into) {
      const got = Number(libc.recv(fd, into, into.length, MSG_TRUNC | MSG_DONTWAIT));
      if (got > into.length) throw new Error(`netlink datagram of ${got} bytes is longer than the buffer`);
      if (got >= 0) return got;
      const errno = libc.errno();
      if (errno === ENOBUFS) return -1;
      return errno === EAGAIN || errno === EINTR ? 0 : fail('recv()');
    },
    close() {
      if (open) libc.close(fd);
      open = false;
    },
  };
}

/** struct sockaddr_nl: family, port 0 (the kernel, or as it likes), mask of groups. */
function netlinkAddress(groups: number): Buffer {
  const address = Buffer.alloc(12);
  address.set(new Uint8Array(new Uint16Array([AF_NETLINK]).buffer), 0);
  address.set(new Uint8Array(new Uint32Array([groups]).buffer), 8);
  return address;
}
