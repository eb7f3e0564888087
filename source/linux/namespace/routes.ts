import { formatIPv6, parseHex, parseProcAddress } from '../ip-address.js';
import { tryReadText } from '../read-text.js';

/** include/uapi/linux/route.h, ipv6_route.h */
const RTF_UP = 0x1;
const RTF_REJECT = 0x200;
const RTF_LOCAL = 0x80000000;
const RTF_ANYCAST = 0x00100000;
const MOST_ROUTES = 1_000;

export interface Route {
  readonly family: 4 | 6;
  /** `0.0.0.0/0` is the default. */
  readonly destination: string;
  /** Null for what is reached without a router. */
  readonly gateway: string | null;
  /** `*` for a route that leads nowhere. */
  readonly interface: string;
  readonly metric: number;
  /** Largest TCP segment that is announced on it, where the route has one of its own; /proc tells no MTU of a route. */
  readonly advertisedMss: number | null;
  /** A route that leads nowhere: `unreachable`, `prohibit`, `blackhole`. */
  readonly reject: boolean;
}

/** Rows of /proc/<pid>/net/route: addresses as numbers in the host's byte order (net/ipv4/fib_trie.c). */
export function parseRoutes(text: string): Route[] {
  const routes: Route[] = [];
  for (const line of text.split('\n').slice(1, MOST_ROUTES + 1)) {
    const [name, to = '', via = '', flagsText = '', , , metric, mask = '', mss] = line.trim().split(/\s+/);
    const destination = proc4(to);
    const gateway = proc4(via);
    const bits = proc4(mask);
    const flags = Number.parseInt(flagsText, 16);
    if (!name || !destination || !gateway || !bits || !(flags & RTF_UP)) continue;
    routes.push({
      family: 4,
      destination: `${destination}/${prefixOf(bits)}`,
      gateway: gateway === '0.0.0.0' ? null : gateway,
      interface: name,
      metric: Number(metric) || 0,
      // The column headed MTU is the announced segment and 40 bytes of headers (fib_route_seq_show).
      advertisedMss: Number(mss) > 40 ? Number(mss) - 40 : null,
      // A blackhole has no flag that says so, and no interface either.
      reject: (flags & RTF_REJECT) !== 0 || name === '*',
    });
  }
  return routes;
}

/** Rows of /proc/<pid>/net/ipv6_route: addresses in network order (net/ipv6/route.c). Own addresses are left out. */
export function parseRoutes6(text: string): Route[] {
  const routes: Route[] = [];
  for (const line of text.split('\n').slice(0, MOST_ROUTES)) {
    const [to = '', prefix = '', , , via = '', metric = '', , , flagsText = '', name] = line
      .trim()
      .split(/\s+/);
    const destination = hex6(to);
    const gateway = hex6(via);
    const flags = Number.parseInt(flagsText, 16);
    if (!name || !destination || !gateway || Number.isNaN(flags)) continue;
    const reject = (flags & RTF_REJECT) !== 0;
    if (flags & (RTF_LOCAL | RTF_ANYCAST)) continue;
    // A route that says no is not `up`. The kernel's own, at the end of every table, says nothing.
    if (reject ? metric === 'ffffffff' : !(flags & RTF_UP)) continue;
    routes.push({
      family: 6,
      destination: `${destination}/${Number.parseInt(prefix, 16) || 0}`,
      gateway: gateway === '::' ? null : gateway,
      interface: name,
      metric: Number.parseInt(metric, 16) || 0,
      advertisedMss: null,
      reject,
    });
  }
  return routes;
}

/** Routes of the network that process `pid` is in; empty when it cannot be read. */
export function readRoutes(pid: number | string): Route[] {
  return [
    ...parseRoutes(tryReadText(`/proc/${pid}/net/route`) ?? ''),
    ...parseRoutes6(tryReadText(`/proc/${pid}/net/ipv6_route`) ?? ''),
  ];
}

function proc4(word: string): string | undefined {
  return word.length === 8 ? parseProcAddress(Buffer.from(word, 'latin1'), 0, 8) : undefined;
}

function hex6(word: string): string | undefined {
  if (word.length !== 32) return undefined;
  const ascii = Buffer.from(word, 'latin1');
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => parseHex(ascii, 2 * i, 2));
  return /^[0-9a-f]{32}$/i.test(word) ? formatIPv6(bytes) : undefined;
}

/** Bits of a mask: `255.255.0.0` is 16. */
function prefixOf(mask: string): number {
  return mask.split('.').reduce((sum, byte) => sum + Number(byte).toString(2).replaceAll('0', '').length, 0);
}
