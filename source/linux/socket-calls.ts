import { type NativeFunction, once, openLibc } from './native-library.js';

/** The calls of libc that sockets need which Node has none for: netlink(7), packet(7). */
export interface SocketCalls {
  readonly socket: NativeFunction;
  readonly sendto: NativeFunction;
  readonly recv: NativeFunction;
  readonly close: NativeFunction;
  readonly bind: NativeFunction;
  readonly setsockopt: NativeFunction;
  readonly ioctl: NativeFunction;
  /** Where bytes stand in memory, for a structure that points at them. */
  readonly addressOf: (bytes: Buffer) => bigint;
  errno(): number;
}

/** socket(2): a descriptor that the caller closes. */
export type OpenFd = (family: number, type: number, protocol: number) => number;

/** asm-generic/socket.h, include/linux/socket.h. */
export const SOL_SOCKET = 1;
export const MSG_DONTWAIT = 0x40;

/** Loaded once. Rejects where koffi has no binary for the platform. */
export const loadSocketCalls = once(async (): Promise<SocketCalls> => {
  const library = await openLibc();
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    sendto: library.func(
      'intptr_t sendto(int fd, const void *data, size_t size, int flags, const void *to, unsigned int length)',
    ),
    recv: library.func('intptr_t recv(int fd, void *into, size_t size, int flags)'),
    close: library.func('int close(int fd)'),
    bind: library.func('int bind(int fd, const void *address, unsigned int length)'),
    setsockopt: library.func(
      'int setsockopt(int fd, int level, int name, const void *value, unsigned int length)',
    ),
    ioctl: library.func('int ioctl(int fd, unsigned long request, void *into)'),
    addressOf: library.addressOf,
    errno: library.errno,
  };
});
