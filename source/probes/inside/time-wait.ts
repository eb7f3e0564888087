import type { Over } from '../edges/edge-book.js';
import type { SocketCounters } from '../sockets/net-counters.js';

/** TIME-WAIT lasts a minute (TCP_TIMEWAIT_LEN): what was read so long ago (ms) is still most of what there is. */
const KEPT_MS = 20_000;
/** Fewer cost next to nothing to read. */
const FEW = 50;
/** They are read again once there are more or fewer of them by this share. */
const MOVED_SHARE = 0.25;

/** The TIME-WAIT sockets of a network, as they were read last. */
export interface ReadOver {
  readonly v4: number;
  readonly v6: number;
  readonly edges: readonly Over[];
}

/**
 * What was read of a network's TIME-WAIT sockets. Where connections are short these are most of all sockets, and change
 * in nothing: they are read now and then, and whenever the kernel's count of them moves.
 */
export class TimeWaitMemory {
  private last:
    | { readonly read: ReadOver; readonly network: string; readonly count: number; readonly at: number }
    | undefined;

  /** What was read before, where that still serves. `now` is monotonic ms. */
  recent(network: string, counters: SocketCounters | undefined, now: number): ReadOver | undefined {
    const last = this.last;
    if (!last || !counters || last.network !== network || now - last.at >= KEPT_MS) return undefined;
    const moved = Math.abs(counters.timeWait - last.count);
    return last.count > FEW && moved <= MOVED_SHARE * last.count ? last.read : undefined;
  }

  keep(network: string, counters: SocketCounters | undefined, read: ReadOver, now: number): void {
    this.last = counters && { read, network, count: counters.timeWait, at: now };
  }
}
