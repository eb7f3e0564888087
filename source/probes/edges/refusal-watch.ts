import { openPacketSocket, type PacketSocket } from '../../linux/packet/packet-socket.js';
import { decodeRefusal, REFUSAL_BYTES, REFUSALS, type Refusal } from '../../linux/packet/refusal.js';
import type { OpenFd } from '../../linux/socket-calls.js';
import { isOwnConnection } from '../own-connections.js';

/**
 * Nothing was refused for so long (ms): packets are not looked at until something is again. Servers that are replaced in turn
 * refuse for a moment each, within a minute of each other.
 */
const QUIET_MS = 60_000;
/** Taken in one look; more of them say nothing new. */
const MOST_A_LOOK = 2_048;
/** Where no packets may be seen it is tried again after so long (ms). */
const REST_MS = 60_000;

/**
 * Which ports refuse who asks in one network, read from the resets that come back. A socket whose connect(2) was refused
 * forgets whom it asked as soon as its process has read the error, so that no table and no notice of its end tells.
 * Packets are looked at only while the kernel counts attempts that fail; it takes CAP_NET_RAW.
 */
export class RefusalWatch {
  private listening: { readonly to: PacketSocket; readonly network: string } | undefined;
  private readonly into = Buffer.alloc(REFUSAL_BYTES);
  private restsUntil = Number.NEGATIVE_INFINITY;
  private fails: number | undefined;
  private failedAt = Number.NEGATIVE_INFINITY;

  /**
   * Calls back for each refusal since the last time; with the first time it begins to listen. `network` names the one that
   * `openFd` makes sockets in (absent: our own), `now` is monotonic ms, `attemptFails` the kernel's count there
   * (undefined: not known). Never rejects.
   */
  async take(
    { network, now, attemptFails, openFd }: RefusalLook,
    onRefusal: (refusal: Refusal) => void,
  ): Promise<void> {
    if (this.listening && this.listening.network !== network) this.close();
    if (attemptFails === undefined || attemptFails !== this.fails) this.failedAt = now;
    this.fails = attemptFails;
    this.drain(onRefusal);
    if (now - this.failedAt >= QUIET_MS) this.close();
    else if (!this.listening && now >= this.restsUntil) await this.open(network, now, openFd);
  }

  private async open(network: string, now: number, openFd: OpenFd | undefined): Promise<void> {
    try {
      this.listening = { to: await openPacketSocket(openFd, REFUSALS), network };
    } catch {
      this.restsUntil = now + REST_MS;
    }
  }

  private drain(onRefusal: (refusal: Refusal) => void): void {
    for (let i = 0; this.listening && i < MOST_A_LOOK; i++) {
      const length = this.listening.to.receive(this.into);
      if (length === 0) return;
      const refusal = decodeRefusal(this.into.subarray(0, Math.min(length, REFUSAL_BYTES)));
      if (refusal && !isOwnConnection(refusal.clientPort, refusal.port)) onRefusal(refusal);
    }
    // What is left is of the same burst: the next look begins anew.
    this.close();
  }

  close(): void {
    this.listening?.to.close();
    this.listening = undefined;
  }
}

/** One look of it. */
export interface RefusalLook {
  readonly network: string;
  readonly now: number;
  readonly attemptFails: number | undefined;
  readonly openFd?: OpenFd | undefined;
}
