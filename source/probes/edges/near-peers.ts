import { isVacant } from '../../linux/namespace/other-networks.js';
import { closedWires, type Link, readLinks } from '../../linux/netlink/links.js';
import { tryReadText } from '../../linux/read-text.js';
import type { Wire } from './sample.js';

/** Neighbours come and go; they are read again after so long (ms): in the next look. */
const KEPT_MS = 1_500;
/** Interfaces come and go more seldom; they are read while an address is asked for in vain (ms). */
const LINKS_KEPT_MS = 10_000;
const MOST_NEIGHBOURS = 4_096;
/** Addresses looked for in other networks between two readings of the interfaces, each once. */
const MOST_LOOKED_FOR = 64;
/** An answer to ARP has come (include/uapi/linux/if_arp.h, ATF_COM). */
const COMPLETE = 0x2;
/** Networks that only look like a wire: their neighbours may be anywhere (ZeroTier, VXLAN, tap of a VPN). */
const OVERLAY = /^(zt|vxlan|tap|flannel|cilium|geneve)/;

/**
 * Which addresses are on the same wire, real or virtual: those that answered ARP. What is on one is microseconds away in
 * a machine, and a few milliseconds in a building.
 */
export class NearPeers {
  private wires: ReadonlyMap<string, Wire> = new Map();
  /** As in the reading before: an answer takes a millisecond, so that one that is missing in both is none. */
  private before: ReadonlyMap<string, Wire> = new Map();
  private readAt = Number.NEGATIVE_INFINITY;
  /** Wires of this machine alone, with how many of its networks are on each. */
  private closed: ReadonlyMap<string, number> = new Map();
  private linksAt = Number.NEGATIVE_INFINITY;
  /** Somebody was asked for, and has answered ARP before. */
  private asked = false;
  /** Addresses that were looked for on closed wires, and whether nobody has them. */
  private vacant = new Map<string, boolean>();

  constructor(
    private readonly path = '/proc/net/arp',
    private readonly looksVacant: typeof isVacant = isVacant,
  ) {}

  /** `now` is monotonic ms. */
  has(address: string, now: number): boolean {
    this.refresh(now);
    return this.wires.get(address)?.answers === true;
  }

  /** The wire that an address was asked for on, by ARP; undefined where it was not, or just now. */
  wireOf(address: string, now: number): Wire | undefined {
    this.refresh(now);
    const wire = this.wires.get(address);
    if (wire?.answers) {
      this.asked = true;
      return this.isNobodys(address, wire) ? { ...wire, closed: true, vacant: true } : wire;
    }
    if (!wire) return undefined;
    if (!this.before.has(address)) return undefined;
    return this.closed.has(wire.device) ? { ...wire, closed: true } : wire;
  }

  /** Sees on which wires nobody can be but this machine's own networks, where an address is asked for in vain. */
  async seeWires(now: number, links: () => Promise<readonly Link[]> = () => readLinks()): Promise<void> {
    this.refresh(now);
    const inVain = this.asked || [...this.wires.values()].some(({ answers }) => !answers);
    this.asked = false;
    if (!inVain || now - this.linksAt <= LINKS_KEPT_MS) return;
    this.linksAt = now;
    // Where they cannot be read, no wire is known to be closed.
    this.closed = closedWires(await links().catch(() => []));
    this.vacant.clear();
  }

  /** What answered ARP a while ago may be gone: the kernel asks again after half a minute and more (arp(7)). */
  private isNobodys(address: string, { device }: Wire): boolean {
    const joined = this.closed.get(device);
    if (joined === undefined) return false;
    const known = this.vacant.get(address) ?? this.looksVacant(address, joined);
    if (this.vacant.size < MOST_LOOKED_FOR) this.vacant.set(address, known);
    return known;
  }

  private refresh(now: number): void {
    if (now - this.readAt <= KEPT_MS) return;
    this.readAt = now;
    this.before = this.wires;
    this.wires = parseArp(tryReadText(this.path) ?? '');
  }
}

/** Addresses of /proc/net/arp with their wires, without those of overlays. */
export function parseArp(text: string): Map<string, Wire> {
  const wires = new Map<string, Wire>();
  for (const line of text.split('\n').slice(1, MOST_NEIGHBOURS)) {
    const [address, , flags = '', , , device] = line.trim().split(/\s+/);
    if (!address || device === undefined || OVERLAY.test(device)) continue;
    wires.set(address, { device, answers: (Number.parseInt(flags, 16) & COMPLETE) !== 0 });
  }
  return wires;
}
