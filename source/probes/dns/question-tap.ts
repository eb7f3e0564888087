import type { Clock } from '../../clock.js';
import {
  DNS_MESSAGES,
  decodeSeenMessage,
  MOST_BYTES,
  type SeenMessage,
} from '../../linux/packet/dns-message.js';
import { openPacketSocket, type PacketSocket } from '../../linux/packet/packet-socket.js';
import type { OpenFd } from '../../linux/socket-calls.js';

/** Looked at without a pause at first (ms), then for a part of the time: a name asked for now and then is learnt later. */
export const FIRST_MS = 12_000;
const OPEN_MS = 2_000;
const EVERY_MS = 10_000;
/** Messages taken in one look: more of them say nothing new. */
const MOST_A_LOOK = 256;

/**
 * Which names are asked for in one network namespace, as its packets tell: nothing is sent, and a name that nobody
 * answers is seen as well as one that is given. Costs a filter of some 20 instructions a packet while it is open.
 */
export class QuestionTap {
  private socket: PacketSocket | undefined;
  private opening = false;
  private closed = false;
  private readonly began: number;
  private readonly into = Buffer.alloc(MOST_BYTES);

  constructor(
    private readonly openFd: OpenFd,
    private readonly clock: Clock,
  ) {
    this.began = clock.now();
  }

  /**
   * What was asked and answered since the last look. Opens and closes as its time has come, and stays open where answers
   * are waited for (`keepOpen`); what stands in the way is passed over.
   */
  look(keepOpen = false): SeenMessage[] {
    const seen = this.drain();
    const age = this.clock.now() - this.began;
    const isTime = keepOpen || age < FIRST_MS || age % EVERY_MS < OPEN_MS;
    if (isTime && !this.socket && !this.opening && !this.closed) this.open();
    else if (!isTime) this.shut();
    return seen;
  }

  get isOpen(): boolean {
    return this.socket !== undefined;
  }

  close(): void {
    this.closed = true;
    this.shut();
  }

  private drain(): SeenMessage[] {
    const seen: SeenMessage[] = [];
    for (let i = 0; this.socket && i < MOST_A_LOOK; i++) {
      const length = this.socket.receive(this.into);
      if (length === 0) break;
      const question = decodeSeenMessage(this.into.subarray(0, Math.min(length, MOST_BYTES)));
      const at = question && this.socket.receivedAt();
      if (question) seen.push(at === undefined ? question : { ...question, at });
    }
    return seen;
  }

  private open(): void {
    this.opening = true;
    openPacketSocket(this.openFd, DNS_MESSAGES).then(
      (socket) => {
        this.opening = false;
        this.socket = socket;
        if (this.closed) this.shut();
      },
      // No right to do so (CAP_NET_RAW), or its process has ended: then nothing is learnt this way.
      () => {
        this.closed = true;
      },
    );
  }

  private shut(): void {
    this.socket?.close();
    this.socket = undefined;
  }
}
