import { tryReadText } from '../../linux/read-text.js';

/** Neighbours come and go; they are read again after so long (ms). */
const KEPT_MS = 5_000;
const MOST_NEIGHBOURS = 4_096;
/** An answer to ARP has come (include/uapi/linux/if_arp.h, ATF_COM). */
const COMPLETE = 0x2;
/** Networks that only look like a wire: their neighbours may be anywhere (ZeroTier, VXLAN, tap of a VPN). */
const OVERLAY = /^(zt|vxlan|tap|flannel|cilium|geneve)/;

/**
 * Which addresses are on the same wire, real or virtual: those that answered ARP. What is on one is microseconds away in
 * a machine, and a few milliseconds in a building.
 */
export class NearPeers {
  private neighbours = new Set<string>();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly path = '/proc/net/arp') {}

  /** `now` is monotonic ms. */
  has(address: string, now: number): boolean {
    if (now - this.readAt > KEPT_MS) {
      this.readAt = now;
      this.neighbours = new Set(parseArp(tryReadText(this.path) ?? ''));
    }
    return this.neighbours.has(address);
  }
}

/** Addresses of /proc/net/arp that answered, without those of overlays. */
export function parseArp(text: string): string[] {
  return text
    .split('\n')
    .slice(1, MOST_NEIGHBOURS)
    .flatMap((line) => {
      const [address, , flags = '', , , device = ''] = line.trim().split(/\s+/);
      const answered = (Number.parseInt(flags, 16) & COMPLETE) !== 0;
      return address && answered && !OVERLAY.test(device) ? [address] : [];
    });
}
