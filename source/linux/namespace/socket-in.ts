import { insideNetwork } from './inside-network.js';
import { type Libc, loadLibc } from './libc.js';
import { explainSocket } from './namespace-error.js';

/** include/linux/socket.h, include/linux/net.h */
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
/** O_CLOEXEC and O_NONBLOCK: no child inherits it, and no call on it waits. */
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;

/**
 * A descriptor of a socket that belongs to the network of process `pid` for as long as it is open, wherever it is
 * used from. Non-blocking and close-on-exec; the caller closes it or hands it over. Rejects with NamespaceError.
 */
export async function socketIn(pid: number, family: number, type: number, protocol = 0): Promise<number> {
  return socketInside(await loadLibc(), pid, family, type, protocol);
}

/** As socketIn, at once, for those who hold libc already. */
export function socketInside(libc: Libc, pid: number, family: number, type: number, protocol = 0): number {
  return insideNetwork(libc, pid, () => {
    const fd = libc.socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    if (fd < 0) throw explainSocket(pid, libc.errno());
    return fd;
  });
}
