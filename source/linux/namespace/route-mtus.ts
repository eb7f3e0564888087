import { NetlinkError } from '../netlink/inet-diag-reply.js';
import { openDiagSocket } from '../netlink/netlink-socket.js';
import type { Libc } from './libc.js';
import { decodeRouteReply, encodeRouteRequest, type RouteMtu } from './route-mtu-reply.js';
import { socketInside } from './socket-in.js';

const NETLINK_ROUTE = 0;
const BUFFER_BYTES = 64 * 1024;
/** Datagrams read at most, each of up to 32 KiB: a machine that carries all routes of the internet must not hold us. */
const MOST_DATAGRAMS = 64;
const MOST_ROUTES = 1_000;

/**
 * Routes with an MTU of their own in the network that process `pid` is in, with what routers have told the kernel
 * meanwhile (path MTU), which is in no file of /proc. Rejects with NamespaceError or NetlinkError.
 */
export async function routeMtusOf(libc: Libc, pid: number): Promise<RouteMtu[]> {
  const found: RouteMtu[] = [];
  for (const family of [4, 6] as const) await dump(libc, pid, family, found);
  return found.slice(0, MOST_ROUTES);
}

async function dump(libc: Libc, pid: number, family: 4 | 6, found: RouteMtu[]): Promise<void> {
  // Sending and receiving is the same for every protocol of netlink; the socket is of the one that knows routes.
  const socket = await openDiagSocket((domain, type) => socketInside(libc, pid, domain, type, NETLINK_ROUTE));
  try {
    socket.send(encodeRouteRequest(family, 1));
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    for (let i = 0; i < MOST_DATAGRAMS; i++) {
      // The kernel writes the next part of a dump into the socket before recv() returns: nothing is waited for.
      const got = socket.receive(buffer);
      if (got === 0) throw new NetlinkError('the route dump did not end', 0);
      if (decodeRouteReply(buffer.subarray(0, got), 1, found)) return;
    }
  } finally {
    socket.close();
  }
}
