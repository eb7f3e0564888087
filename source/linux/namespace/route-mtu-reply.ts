import { formatIPv4, formatIPv6 } from '../ip-address.js';
import { LITTLE } from '../netlink/inet-diag-request.js';
import { attributesOf, BODY, encodeDumpRequest, readDump } from '../netlink/route-dump.js';

/** include/uapi/linux/rtnetlink.h */
const RTMSG = 12;
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const RTM_F_CLONED = 0x200;
const RTA_DST = 1;
const RTA_METRICS = 8;
const RTA_CACHEINFO = 12;
const RTAX_MTU = 2;
/** `expires` of struct rta_cacheinfo counts in USER_HZ, which is 100 on all that Node runs on. */
const TICKS_A_SECOND = 100;

/** A route that has an MTU other than its interface's. */
export interface RouteMtu {
  readonly family: 4 | 6;
  /** `203.0.113.0/24`. */
  readonly destination: string;
  /** Bytes of the largest packet that is sent that way whole. */
  readonly mtu: number;
  /** True when a router said so (ICMP: fragmentation needed) and the kernel remembers; false when it was configured. */
  readonly learned: boolean;
  /** Seconds until it is forgotten, for what was learned. */
  readonly expiresSeconds: number | null;
}

/** The bytes that ask for all routes of a family, and with them for what the kernel has learned of the ways. */
export function encodeRouteRequest(family: 4 | 6, sequence: number): Buffer {
  const bytes = encodeDumpRequest(RTM_GETROUTE, RTMSG, sequence);
  bytes[BODY] = family === 4 ? 2 : 10;
  return bytes;
}

/**
 * Adds the routes of one datagram that have an MTU of their own; true once the last one came. Throws NetlinkError for
 * an error from the kernel and for bytes that cannot be netlink; every step goes forward by at least a header.
 */
export function decodeRouteReply(bytes: Uint8Array, sequence: number, found: RouteMtu[]): boolean {
  return readDump(bytes, sequence, {
    ...{ type: RTM_NEWROUTE, bodyBytes: RTMSG, what: 'the route dump' },
    take(view, at, end) {
      const route = routeOf(view, bytes, at, end);
      if (route) found.push(route);
    },
  });
}

function routeOf(view: DataView, bytes: Uint8Array, at: number, end: number): RouteMtu | undefined {
  const family = bytes[at] === 2 ? 4 : bytes[at] === 10 ? 6 : undefined;
  if (!family) return undefined;
  const attributes = attributesOf(view, at + RTMSG, end);
  const metrics = attributes.get(RTA_METRICS);
  const mtu = metrics && attributesOf(view, metrics.at, metrics.end).get(RTAX_MTU);
  if (!mtu || mtu.end - mtu.at < 4) return undefined;
  const to = attributes.get(RTA_DST);
  const size = family === 4 ? 4 : 16;
  const any = family === 4 ? '0.0.0.0' : '::';
  const format = family === 4 ? formatIPv4 : formatIPv6;
  const learned = (view.getUint32(at + 8, LITTLE) & RTM_F_CLONED) !== 0;
  const cache = attributes.get(RTA_CACHEINFO);
  const ticks = cache && cache.end - cache.at >= 12 ? view.getInt32(cache.at + 8, LITTLE) : 0;
  return {
    family,
    destination: `${to && to.end - to.at >= size ? format(bytes, to.at) : any}/${bytes[at + 1]}`,
    mtu: view.getUint32(mtu.at, LITTLE),
    learned,
    expiresSeconds: learned && ticks > 0 ? Math.floor(ticks / TICKS_A_SECOND) : null,
  };
}
