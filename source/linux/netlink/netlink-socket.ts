import type { LibraryHandle } from 'koffi';
import { LITTLE } from './inet-diag-request.js';

type NativeFunction = ReturnType<LibraryHandle['func']>;

/** include/uapi/linux/{socket,netlink}.h, include/linux/socket.h, asm-generic/socket.h. */
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_SOCK_DIAG = 4;
/** Makes recv() answer the datagram's true length, so that a cut-off one is seen. */
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;
const EINTR = 4;
const EAGAIN = 11;

interface Libc {
  readonly socket: NativeFunction;
  readonly sendto: NativeFunction;
  readonly recv: NativeFunction;
  readonly close: NativeFunction;
  errno(): number;
}

let loading: Promise<Libc> | undefined;

async function loadLibc(): Promise<Libc> {
  const { default: koffi } = await import('koffi');
  // The running program itself has libc's symbols, whichever libc that is.
  const library = koffi.load(null);
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    sendto: library.func(
      'intptr_t sendto(int fd, const void *data, size_t size, int flags, const void *to, unsigned int length)',
    ),
    recv: library.func('intptr_t recv(int fd, void *into, size_t size, int flags)'),
    close: library.func('int close(int fd)'),
    errno: () => koffi.errno(),
  };
}

export interface NetlinkSocket {
  send(message: Buffer): void;
  /** Bytes put into `into`; 0 when nothing is there yet. Throws when the datagram was longer than `into`. */
  receive(into: Buffer): number;
  close(): void;
}

/** socket(2): a descriptor that the caller closes. */
export type OpenFd = (family: number, type: number, protocol: number) => number;

/**
 * A NETLINK_SOCK_DIAG socket; needs no privilege. Rejects where koffi has no binary for the platform or the kernel
 * has no sock_diag (EPROTONOSUPPORT), which is when the caller reads /proc/net/tcp instead.
 * `openFd` stands in for socket(2) where the socket is to belong to another network namespace.
 */
export async function openDiagSocket(openFd?: OpenFd): Promise<NetlinkSocket> {
  loading ??= loadLibc();
  const libc = await loading;
  const fail = (what: string): never => {
    throw new Error(`netlink ${what} failed (errno ${libc.errno()})`);
  };
  const create = openFd ?? ((...what) => libc.socket(...what) as number);
  const fd = create(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) fail('socket()');
  const kernel = Buffer.alloc(12);
  kernel.writeUInt8(AF_NETLINK, LITTLE ? 0 : 1);
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
      return errno === EAGAIN || errno === EINTR ? 0 : fail('recv()');
    },
    close() {
      if (open) libc.close(fd);
      open = false;
    },
  };
}
