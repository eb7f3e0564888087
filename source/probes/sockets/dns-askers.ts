import { readFileSync } from 'node:fs';
import { joinHostPort } from '../../linux/ip-address.js';
import { dumpSockets } from '../../linux/netlink/dump-sockets.js';
import { decodeUdpTable } from '../../linux/proc-net/tcp-table.js';
import { stateMask } from '../../linux/tcp-states.js';
import { ownInodes } from './owners.js';
import type { SocketsSample } from './sample.js';
import type { SocketMeans } from './tables.js';

const DNS_PORT = 53;
/** Resolvers told apart at most. */
const MOST_RESOLVERS = 64;

/**
 * Counts UDP sockets that are connected to a DNS server: port 53, or one of `resolvers` (`address:port`). A lookup
 * holds such a socket for as long as it waits (glibc, c-ares and Go connect theirs; musl does not and is not seen).
 * The console's own sockets are left out. Rejects when the means does not work.
 */
export async function countDnsAskers(
  means: SocketMeans,
  resolvers: readonly string[],
  signal: AbortSignal,
): Promise<SocketsSample['dnsAskers']> {
  const counts = new Map(resolvers.map((resolver) => [resolver, 0]));
  let own: Set<number> | undefined;
  const add = (address: string, port: number, inode: number): void => {
    const server = joinHostPort(address, port);
    const known = counts.get(server);
    if (known === undefined && (port !== DNS_PORT || counts.size >= MOST_RESOLVERS)) return;
    own ??= ownInodes();
    if (!own.has(inode)) counts.set(server, (known ?? 0) + 1);
  };
  if (means === 'netlink') {
    // A connected UDP socket is in state 1 (udp_diag.c), all others in CLOSE: the kernel filters for us.
    for (const family of [4, 6] as const)
      await dumpSockets(
        { family, protocol: 'udp', states: stateMask('ESTAB') },
        (row) => add(row.remoteAddress(), row.remotePort, row.inode),
        { signal },
      );
  } else if (means === 'proc') {
    for (const path of ['/proc/net/udp', '/proc/net/udp6'])
      for (const row of readUdp(path)) if (row.connected) add(row.remote, row.remotePort, row.inode);
  }
  return [...counts].map(([resolver, count]) => ({ resolver, count })).sort((a, b) => b.count - a.count);
}

function readUdp(path: string): ReturnType<typeof decodeUdpTable> {
  try {
    return decodeUdpTable(readFileSync(path));
  } catch {
    // No such family on this machine.
    return [];
  }
}
