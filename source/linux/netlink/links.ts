import type { OpenFd } from '../socket-calls.js';
import { NetlinkError } from './inet-diag-reply.js';
import { LITTLE } from './inet-diag-request.js';
import { openDiagSocket } from './netlink-socket.js';
import { attributesOf, encodeDumpRequest, readDump } from './route-dump.js';

/** include/uapi/linux/{rtnetlink,if_link,if}.h */
const IFINFOMSG = 16;
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_IFNAME = 3;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFF_RUNNING = 0x40;

const NETLINK_ROUTE = 0;
const BUFFER_BYTES = 64 * 1024;
/** Datagrams read at most, each of some 20 interfaces. */
const MOST_DATAGRAMS = 200;
const SEQUENCE = 1;

/** An interface with what it is made of. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** `veth`, `bridge`, `vxlan` ...; null of hardware and of the loopback. */
  readonly kind: string | null;
  /** Index of the bridge or bond that it is a port of. */
  readonly master: number | null;
  /** Up and with a carrier: of one of a pair, the other one is up as well. */
  readonly running: boolean;
}

/** The interfaces of this host's network, or of that in which `openFd` opens. Rejects as openDiagSocket, or with NetlinkError. */
export async function readLinks(openFd?: OpenFd): Promise<Link[]> {
  const found: Link[] = [];
  const socket = await openDiagSocket(openFd, 0, NETLINK_ROUTE);
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  try {
    socket.send(encodeLinkRequest(SEQUENCE));
    for (let i = 0; i < MOST_DATAGRAMS; i++) {
      // The kernel writes the next part of a dump into the socket before recv() returns: nothing is waited for.
      const got = socket.receive(buffer);
      if (got <= 0) throw new NetlinkError('the dump of interfaces did not end', 0);
      if (decodeLinkReply(buffer.subarray(0, got), SEQUENCE, found)) break;
    }
  } finally {
    socket.close();
  }
  return found;
}

/** The bytes that ask for all interfaces. */
export const encodeLinkRequest = (sequence: number): Buffer =>
  encodeDumpRequest(RTM_GETLINK, IFINFOMSG, sequence);

/** Adds the interfaces of one datagram; true once the last one came. Throws NetlinkError as `readDump`. */
export const decodeLinkReply = (bytes: Uint8Array, sequence: number, found: Link[]): boolean =>
  readDump(bytes, sequence, {
    ...{ type: RTM_NEWLINK, bodyBytes: IFINFOMSG, what: 'the dump of interfaces' },
    take: (view, at, end) => void found.push(linkOf(view, bytes, at, end)),
  });

function linkOf(view: DataView, bytes: Uint8Array, at: number, end: number): Link {
  const attributes = attributesOf(view, at + IFINFOMSG, end);
  const text = (one: { at: number; end: number } | undefined): string | null =>
    one ? Buffer.from(bytes.subarray(one.at, one.end)).toString('latin1').split('\0', 1)[0] || null : null;
  const info = attributes.get(IFLA_LINKINFO);
  const master = attributes.get(IFLA_MASTER);
  return {
    index: view.getInt32(at + 4, LITTLE),
    name: text(attributes.get(IFLA_IFNAME)) ?? '',
    kind: info ? text(attributesOf(view, info.at, info.end).get(IFLA_INFO_KIND)) : null,
    master: master && master.end - master.at >= 4 ? view.getInt32(master.at, LITTLE) : null,
    running: (view.getUint32(at + 8, LITTLE) & IFF_RUNNING) !== 0,
  };
}

/**
 * Those on which nobody can be but networks of this machine, all of them with a carrier, and how many of these there are:
 * one of a pair (veth), and a bridge whose ports are all of that kind. A network answers ARP by its kernel, whatever its
 * processes do.
 */
export function closedWires(links: readonly Link[]): ReadonlyMap<string, number> {
  const isPair = ({ kind, running }: Link): boolean => kind === 'veth' && running;
  const joined = (link: Link): number => {
    const ports = links.filter(({ master }) => master === link.index);
    if (link.kind === 'bridge') return ports.every(isPair) ? ports.length : 0;
    return isPair(link) ? 1 : 0;
  };
  return new Map(
    links.flatMap((link) =>
      link.master === null && joined(link) > 0 ? [[link.name, joined(link)] as const] : [],
    ),
  );
}
