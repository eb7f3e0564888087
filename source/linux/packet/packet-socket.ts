import { loadSocketCalls, MSG_DONTWAIT, type OpenFd, SOL_SOCKET } from '../socket-calls.js';

/** include/linux/socket.h, asm-generic/socket.h, uapi/linux/if_ether.h, uapi/linux/if_packet.h. */
export const AF_PACKET = 17;
export const SOCK_DGRAM = 2;
/** include/linux/net.h */
const SOCK_CLOEXEC = 0o2000000;
const SO_ATTACH_FILTER = 26;
const ETH_P_ALL = 3;
const SOCKADDR_LL_BYTES = 20;
/** asm-generic/sockios.h: when the last packet that was received came, as a struct timeval. */
const SIOCGSTAMP = 0x8906;

/** One instruction of a classic BPF program: `code`, jumps when true and when false, operand. */
export type Instruction = readonly [code: number, whenTrue: number, whenFalse: number, operand: number];

/** Sees packets of one network namespace, those that a filter lets through, from their IP header on. */
export interface PacketSocket {
  /** The next packet, cut off at the end of `into`: its bytes there; 0 when none is there now. */
  receive(into: Buffer): number;
  /** When the packet that was received last came by the kernel's clock, wall-clock ms; undefined where it does not tell. */
  receivedAt(): number | undefined;
  close(): void;
}

/**
 * A packet socket with a filter that is in place before the first packet. Takes CAP_NET_RAW. `openFd` gives the
 * descriptor, of a socket in whichever namespace is meant; undefined is this process's own. Rejects where the kernel
 * refuses, or koffi has no binary.
 */
export async function openPacketSocket(
  openFd: OpenFd | undefined,
  filter: readonly Instruction[],
): Promise<PacketSocket> {
  const calls = await loadSocketCalls();
  const fd = openFd
    ? openFd(AF_PACKET, SOCK_DGRAM, 0)
    : (calls.socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0) as number);
  if (fd < 0) throw new Error(`packet socket() failed (errno ${calls.errno()})`);
  let open = true;
  const close = (): void => {
    // The kernel waits until no processor looks at it any more (synchronize_rcu, 15 ms): not on the thread that draws.
    if (open) calls.close.async(fd, () => undefined);
    open = false;
  };
  const program = encodeProgram(filter);
  const header = Buffer.alloc(16);
  header.writeUInt16LE(filter.length, 0);
  header.writeBigUInt64LE(calls.addressOf(program), 8);
  const address = Buffer.alloc(SOCKADDR_LL_BYTES);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  const attached = calls.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, header, header.length);
  if (attached !== 0 || calls.bind(fd, address, address.length) !== 0) {
    const errno = calls.errno();
    close();
    throw new Error(`packet socket: a filter and all interfaces were refused (errno ${errno})`);
  }
  const time = Buffer.alloc(16);
  const receivedAt = (): number | undefined =>
    calls.ioctl(fd, SIOCGSTAMP, time) === 0
      ? 1_000 * Number(time.readBigInt64LE(0)) + Number(time.readBigInt64LE(8)) / 1_000
      : undefined;
  // The first call makes the kernel note the time of what comes from now on.
  receivedAt();
  return {
    receivedAt,
    receive: (into) => Math.max(0, Number(calls.recv(fd, into, into.length, MSG_DONTWAIT))),
    close,
  };
}

/** struct sock_filter, 8 bytes each. */
function encodeProgram(filter: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(8 * filter.length);
  for (const [i, [code, whenTrue, whenFalse, operand]] of filter.entries()) {
    bytes.writeUInt16LE(code, 8 * i);
    bytes.writeUInt8(whenTrue, 8 * i + 2);
    bytes.writeUInt8(whenFalse, 8 * i + 3);
    bytes.writeUInt32LE(operand >>> 0, 8 * i + 4);
  }
  return bytes;
}
