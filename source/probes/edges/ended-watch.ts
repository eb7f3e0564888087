import { EndedSockets } from '../../linux/netlink/ended-sockets.js';
import type { OpenFd } from '../../linux/socket-calls.js';
import type { OnRow } from '../../linux/socket-row.js';

/** Where more end (per second), the kernel's and our work for them would be felt: 1 % of a core at 500. */
const MOST_PER_SECOND = 500;
/** One look may take so many before it is said to be too many: the first seconds of a burst. */
const MOST_BETWEEN_LOOKS = 1_000;
/** After too many it is tried again so much later (ms). */
const REST_MS = 60_000;

/**
 * Listens for the sockets of one network that end between looks: short connections are seen in no table. It rests where
 * too many end, and is closed when its network goes.
 */
export class EndedWatch {
  private listening: { readonly to: EndedSockets; readonly network: string } | undefined;
  private restsUntil = Number.NEGATIVE_INFINITY;
  private takenAt = 0;
  /** Why it cannot listen; null while it can. */
  reason: string | null = null;

  /**
   * Calls back for each socket that ended since the last time; with the first time it begins to listen. `network` names
   * the one that `openFd` makes sockets in, `now` is monotonic ms. Never rejects: where it cannot listen `reason` says why.
   */
  async take(network: string, now: number, onRow: OnRow, openFd?: OpenFd): Promise<void> {
    if (this.listening && this.listening.network !== network) this.close();
    if (now < this.restsUntil) return;
    try {
      if (this.listening) this.drain(this.listening.to, now, onRow);
      else this.listening = { to: await EndedSockets.open(openFd), network };
      this.reason = null;
    } catch (error) {
      this.close();
      this.restsUntil = now + REST_MS;
      this.reason = error instanceof Error ? error.message : String(error);
    }
    this.takenAt = now;
  }

  /** Whether it hears of what ends. */
  get listens(): boolean {
    return this.listening !== undefined;
  }

  private drain(from: EndedSockets, now: number, onRow: OnRow): void {
    let taken = 0;
    const whole = from.drain((row) => {
      taken++;
      onRow(row);
    });
    const most = Math.max(MOST_BETWEEN_LOOKS, (MOST_PER_SECOND * (now - this.takenAt)) / 1000);
    if (whole && taken <= most) return;
    this.close();
    this.restsUntil = now + REST_MS;
  }

  close(): void {
    this.listening?.to.close();
    this.listening = undefined;
  }
}
