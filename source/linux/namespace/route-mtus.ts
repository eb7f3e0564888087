import { NetlinkError } from '../netlink/inet-diag-reply.js';
import { type NetlinkSocket, openDiagSocket } from '../netlink/netlink-socket.js';
import type { Libc } from './libc.js';
import { decodeRouteReply, encodeRouteRequest, type RouteMtu } from './route-mtu-reply.js';
import { socketInside } from './socket-in.js';

const NETLINK_ROUTE = 0;
const BUFFER_BYTES = 64 * 1024;
/** Datagrams read at most, each of up to 32 KiB: a machine that carries all routes of the internet must not hold us. */
const MOST_DATAGRAMS = 64;
const MOST_ROUTES = 1_000;
/** A dump runs to its end before another begins. */
const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);

/**
 * Routes with an MTU of their own in the network that process `pid` is in, with what routers have told the kernel
 * meanwhile (path MTU), which is in no file of /proc. Rejects with NamespaceError or NetlinkError.
 */
export async function routeMtusOf(libc: Libc, pid: number): Promise<RouteMtu[]> {
  const found: RouteMtu[] = [];
  // Sending and receiving is the same for every protocol of netlink; the socket is of the one that knows routes.
  const socket = await openDiagSocket((domain, type) => socketInside(libc, pid, domain, type, NETLINK_ROUTE));
  try {
    // A dump that was left before its end would stand in the way of the next.
    for (const family of [4, 6] as const) if (!dump(socket, family, found)) break;
  } finally {
    socket.close();
  }
  return found.slice(0, MOST_ROUTES);
}

/** False when it was left before its end. */
function dump(socket: NetlinkSocket, family: 4 | 6, found: RouteMtu[]): boolean {
  socket.send(encodeRouteRequest(family, family));
  for (let i = 0; i < MOST_DATAGRAMS; i++) {
    // The kernel writes the next part of a dump into the socket before recv() returns: nothing is waited for.
    const got = socket.receive(buffer);
    if (got === 0) throw new NetlinkError('the route dump did not end', 0);
    if (decodeRouteReply(buffer.subarray(0, got), family, found)) return true;
  }
  return false;
}
