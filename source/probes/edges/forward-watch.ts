import { knowsWay } from '../../linux/namespace/other-networks.js';
import {
  decodeHandshake,
  HANDSHAKE_BYTES,
  HANDSHAKES,
  type Handshake,
} from '../../linux/packet/forwarded.js';
import { openPacketSocket, type PacketSocket } from '../../linux/packet/packet-socket.js';
import { parseCounters } from '../../linux/proc-net/counters.js';
import { holds, type OwnAddresses, parseFibTrie } from '../../linux/proc-net/own-addresses.js';
import { tryReadText } from '../../linux/read-text.js';
import type { OpenFd } from '../../linux/socket-calls.js';
import type { Forwarded } from './sample.js';

/** Nothing was forwarded for so long (ms): packets are not looked at until something is again. */
const QUIET_MS = 10_000;
/** Taken in one look; more of them say nothing new. */
const MOST_A_LOOK = 1_024;
/** Told apart, and remembered so long (ms): a SYN is sent again after 1, 3, 7 and 15 s. */
const MOST_KEPT = 64;
const KEPT_MS = 20_000;
/** Where no packets may be seen it is tried again after so long (ms). */
const REST_MS = 60_000;

interface Seen {
  readonly handshake: Handshake;
  syns: number;
  answers: number;
  at: number;
}

/** What a network is, as its folder of /proc shows it. */
export interface ForwardLook {
  /** Names the network that `openFd` makes sockets in (absent: our own). */
  readonly network: string;
  /** `/proc/net`, or that of a process in it. */
  readonly folder: string;
  /** Monotonic ms. */
  readonly now: number;
  readonly openFd?: OpenFd | undefined;
}

/**
 * Connections that a network forwards for the networks on its wires without putting an address of its own in place of
 * theirs (IPv4), and whether they are answered: read from the SYNs that leave it. Packets are looked at only while the
 * kernel counts forwarded ones; it takes CAP_NET_RAW.
 */
export class ForwardWatch {
  private listening: { readonly to: PacketSocket; readonly network: string } | undefined;
  private readonly into = Buffer.alloc(HANDSHAKE_BYTES);
  private readonly seen = new Map<string, Seen>();
  private restsUntil = Number.NEGATIVE_INFINITY;
  private forwarded: number | undefined;
  private forwardedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly wayBack: typeof knowsWay = knowsWay) {}

  /** Those of the last 20 s; with the first look it begins to listen. Never rejects. */
  async take({ network, folder, now, openFd }: ForwardLook): Promise<readonly Forwarded[]> {
    if (this.listening && this.listening.network !== network) this.close();
    const count = parseCounters(tryReadText(`${folder}/snmp`) ?? '').get('Ip.ForwDatagrams') ?? 0;
    if (count > 0 && count !== this.forwarded) this.forwardedAt = now;
    this.forwarded = count;
    const heard = this.drain();
    if (heard.length > 0) this.takeIn(heard, parseFibTrie(tryReadText(`${folder}/fib_trie`) ?? ''), now);
    for (const [key, { at }] of this.seen) if (now - at > KEPT_MS) this.seen.delete(key);
    if (now - this.forwardedAt >= QUIET_MS) this.close();
    else if (!this.listening && now >= this.restsUntil) await this.open(network, now, openFd);
    return [...this.seen.values()].map(({ handshake: { source, peer, port }, syns, answers }) => ({
      ...{ source, peer, port, syns, answers },
      wayBack: answers > 0 || syns < 2 ? null : this.wayBack(peer, source),
    }));
  }

  private takeIn(heard: readonly Handshake[], { local, connected }: OwnAddresses, now: number): void {
    for (const handshake of heard) {
      const { kind, source, peer, port } = handshake;
      // What is bridged from one to its neighbour passes by, too.
      const isForwarded =
        !holds(local, source) &&
        !holds(local, peer) &&
        holds(connected, source) &&
        !connected.some((range) => holds([range], source) && holds([range], peer));
      if (!isForwarded) continue;
      const key = `${source} ${peer} ${port}`;
      const one = this.seen.get(key) ?? { handshake, syns: 0, answers: 0, at: now };
      if (!this.seen.has(key) && this.seen.size >= MOST_KEPT) continue;
      this.seen.set(key, one);
      one.at = now;
      if (kind === 'syn') one.syns++;
      else one.answers++;
    }
  }

  private drain(): Handshake[] {
    const heard: Handshake[] = [];
    for (let i = 0; this.listening && i < MOST_A_LOOK; i++) {
      const length = this.listening.to.receive(this.into);
      if (length === 0) break;
      const handshake = decodeHandshake(this.into.subarray(0, Math.min(length, HANDSHAKE_BYTES)));
      if (handshake) heard.push(handshake);
    }
    return heard;
  }

  private async open(network: string, now: number, openFd: OpenFd | undefined): Promise<void> {
    try {
      this.listening = { to: await openPacketSocket(openFd, HANDSHAKES), network };
    } catch {
      this.restsUntil = now + REST_MS;
    }
  }

  close(): void {
    this.listening?.to.close();
    this.listening = undefined;
  }
}
