import { formatIPv4, formatIPv6 } from '../ip-address.js';
import { NetlinkError } from '../netlink/inet-diag-reply.js';
import { LITTLE } from '../netlink/inet-diag-request.js';

/** include/uapi/linux/{netlink,rtnetlink}.h */
const HEADER = 16;
const RTMSG = 12;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
const NLM_F_REQUEST_DUMP = 0x1 | 0x300;
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
  const bytes = Buffer.alloc(HEADER + RTMSG);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(0, bytes.length, LITTLE);
  view.setUint16(4, RTM_GETROUTE, LITTLE);
  view.setUint16(6, NLM_F_REQUEST_DUMP, LITTLE);
  view.setUint32(8, sequence, LITTLE);
  bytes[HEADER] = family === 4 ? 2 : 10;
  return bytes;
}

/**
 * Adds the routes of one datagram that have an MTU of their own; true once the last one came. Throws NetlinkError for
 * an error from the kernel and for bytes that cannot be netlink; every step goes forward by at least a header.
 */
export function decodeRouteReply(bytes: Uint8Array, sequence: number, found: RouteMtu[]): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const length = view.getUint32(at, LITTLE);
    if (length < HEADER || at + length > bytes.length)
      throw new NetlinkError(`netlink message of ${length} bytes`, 0);
    const type = view.getUint16(at + 4, LITTLE);
    if (view.getUint32(at + 8, LITTLE) === sequence) {
      if (type === NLMSG_DONE) return true;
      if (type === NLMSG_ERROR) {
        const errno = length >= HEADER + 4 ? -view.getInt32(at + HEADER, LITTLE) : 0;
        throw new NetlinkError(`the kernel refused the route dump (errno ${errno})`, errno);
      }
      if (type === RTM_NEWROUTE && length >= HEADER + RTMSG) {
        const route = routeOf(view, bytes, at + HEADER, at + length);
        if (route) found.push(route);
      }
    }
    at += (length + 3) & ~3;
  }
  return false;
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

/** Where the value of each attribute is; what is cut off ends the list. */
export function attributesOf(
  view: DataView,
  from: number,
  end: number,
): Map<number, { at: number; end: number }> {
  const found = new Map<number, { at: number; end: number }>();
  for (let at = from; at + 4 <= end; ) {
    const length = view.getUint16(at, LITTLE);
    if (length < 4 || at + length > end) break;
    // The two highest bits are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER).
    found.set(view.getUint16(at + 2, LITTLE) & 0x3fff, { at: at + 4, end: at + length });
    at += (length + 3) & ~3;
  }
  return found;
}
