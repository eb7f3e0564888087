import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { closeSync } from 'node:fs';
import { isIPv6, Socket, type SocketConstructorOpts } from 'node:net';
import { type Libc, loadLibc } from './libc.js';
import { AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM, socketInside } from './socket-in.js';

/** Makes Node's own sockets that live in another process' network. All throw NamespaceError. */
export interface NodeSockets {
  /** A UDP socket that is bound to no port yet; connect() or send() gives it one. */
  udp(family: 4 | 6): DatagramSocket;
  /** A TCP socket that is connecting to an address (not a name): wait for its `connect` or `error`. */
  connect(server: { readonly address: string; readonly port: number }): Socket;
  /** As connect(), for a socket that is never read from: asks whether one can connect, and no more. */
  knock(server: { readonly address: string; readonly port: number }): Socket;
}

/** Rejects with NamespaceError `unsupported` where koffi does not load. */
export async function nodeSocketsIn(pid: number): Promise<NodeSockets> {
  return nodeSockets(await loadLibc(), pid);
}

export function nodeSockets(libc: Libc, pid: number): NodeSockets {
  const open = (family: 4 | 6, type: number): number =>
    socketInside(libc, pid, family === 6 ? AF_INET6 : AF_INET, type);
  const connect = (
    { address, port }: { readonly address: string; readonly port: number },
    options: SocketConstructorOpts & { manualStart?: boolean },
  ): Socket => {
    const fd = open(isIPv6(address) ? 6 : 4, SOCK_STREAM);
    const socket = handOver(fd, () => new Socket({ ...options, fd }));
    return socket.connect({ host: address, port });
  };
  return {
    udp(family) {
      const fd = open(family, SOCK_DGRAM);
      return handOver(fd, () => {
        const socket = createSocket({
          type: family === 6 ? 'udp6' : 'udp4',
          // An address needs no lookup; a lookup would ask from our own network.
          lookup: (host, _options, done) => done(null, host, isIPv6(host) ? 6 : 4),
        });
        return socket.bind({ fd });
      });
    },
    // Without it net.Socket reads as soon as it has a descriptor, and that ends with ENOTCONN before it connects.
    connect: (server) => connect(server, { manualStart: true }),
    knock: (server) => connect(server, { readable: false, writable: true }),
  };
}

/** Gives the descriptor to whom `make` makes; closes it when that fails. */
function handOver<T>(fd: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
