import { closeSync } from 'node:fs';
import { isIPv6, Socket } from 'node:net';
import { type Libc, loadLibc } from './namespace/libc.js';
import { loadSocketCalls } from './socket-calls.js';

/** include/linux/socket.h, include/uapi/linux/tcp.h */
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const IPPROTO_TCP = 6;
const TCP_MAXSEG = 2;

/** Bytes of data in a segment that passes any way there is: what is taken where nobody says more (RFC 9293, 3.7.1). */
export const SMALL_SEGMENT = { v4: 536, v6: 1_220 } as const;

export const smallSegmentOf = (address: string): number =>
  isIPv6(address) ? SMALL_SEGMENT.v6 : SMALL_SEGMENT.v4;

/**
 * A socket that is connecting to an address (not a name) and has told its peer to send no larger segments: wait for its
 * `connect` or `error`. Rejects where koffi does not load, or no socket is to be had.
 */
export async function connectWithSmallSegments(address: string, port: number): Promise<Socket> {
  const [libc, calls]: [Libc, Awaited<ReturnType<typeof loadSocketCalls>>] = await Promise.all([
    loadLibc(),
    loadSocketCalls(),
  ]);
  const family = isIPv6(address) ? AF_INET6 : AF_INET;
  const fd = libc.socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) throw new Error(`no socket is to be had (errno ${libc.errno()})`);
  const value = Buffer.alloc(4);
  new Int32Array(value.buffer, value.byteOffset, 1)[0] = smallSegmentOf(address);
  try {
    if (calls.setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, value, value.length) !== 0)
      throw new Error(`segments cannot be made small (errno ${calls.errno()})`);
    const options = { fd, manualStart: true };
    return new Socket(options).connect({ host: address, port });
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
