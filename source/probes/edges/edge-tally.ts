import type { SocketRow } from '../../linux/socket-row.js';
import type { TcpInfo } from '../../linux/tcp-info.js';
import type { TcpStateName } from '../../linux/tcp-states.js';
import type { Holder, InVain, Place, Totals } from './connection.js';
import { carriedBulk, resentBetween, wasLate } from './connection.js';
import { cutOnReuse, endedIdle } from './cut-on-reuse.js';
import { isGivenUp } from './given-up.js';
import { HolderTally } from './holder-tally.js';
import { RoundTrips } from './round-trips.js';
import type { Edge, Wire } from './sample.js';
import { StuckTally, stuckOn } from './stuck.js';
import { WaitTally } from './wait-tally.js';

/** `timer` of a socket. */
const KEEP_ALIVE = 2;
const ZERO_WINDOW = 4;

/** What the peer closed so long ago (ms) will not be closed by and by. */
const OLD_CLOSE_WAIT_MS = 60_000;
/** A SYN is sent again after 1 s, and each further one a second later at the earliest (tcp_syn_linear_timeouts). */
const SYN_RETRY_MS = 1_000;

/** The wire that an address was asked for on, by ARP; undefined where it was not. */
export type WireOf = (address: string) => Wire | undefined;

/** Adds up the sockets of one edge in one look. */
export class EdgeTally {
  private readonly states: Partial<Record<TcpStateName, number>> = {};
  private readonly holders = new HolderTally();
  private sockets = 0;
  private readonly syn = { count: 0, retried: 0, mostRetries: 0, ageMs: null as number | null };
  private readonly roundTrips = new RoundTrips();
  private flow: { sent: number; resent: number; received: number; outOfOrder: number } | undefined;
  private busyUs = 0;
  private limitedUs = 0;
  private opened = 0;
  private lateOpened = 0;
  private closed = 0;
  private toClosed = 0;
  private failed = 0;
  private readonly cut = { count: 0, reset: 0, leastIdleMs: Number.POSITIVE_INFINITY };
  private givenUp = 0;
  private readonly stuck = new StuckTally();
  private idleEndMs = 0;
  private servedMs = 0;
  private bulk = 0;
  private readAny = false;
  private readonly waits = new WaitTally();
  private sendQueue: number | null = 0;
  private zeroWindow = 0;
  private readonly keepAlive = { armed: 0, none: 0, longestMs: null as number | null };
  private idle: { least: number; most: number } | null = null;
  private closeWaitOld: number | null = 0;
  private pathMtu: number | null = null;

  constructor(
    readonly place: Place,
    readonly owner: string | null,
  ) {}

  /** Takes in who holds one of its sockets. */
  addHolder(holder: Holder): void {
    this.holders.add(holder);
  }

  /** Who was seen to hold its sockets. */
  get heldBy(): readonly Holder[] {
    return this.holders.all;
  }

  /** Whether somebody holds a socket of it, seen or not: what has ended is nobody's. */
  get isHeld(): boolean {
    return ['ESTAB', 'SYN-SENT', 'CLOSE-WAIT'].some((state) => this.states[state as TcpStateName]);
  }

  /** Takes in a socket that is there; `seenMs` is how long it has been seen. */
  add(row: SocketRow, info: TcpInfo | null, seenMs: number): void {
    const { state } = row;
    this.sockets++;
    this.states[state] = (this.states[state] ?? 0) + 1;
    if (state === 'SYN-SENT') this.addSyn(row.retransmits, seenMs);
    if (row.timer === ZERO_WINDOW) this.zeroWindow++;
    const queued = row.txQueue;
    this.sendQueue = queued === null || this.sendQueue === null ? null : this.sendQueue + queued;
    if (state === 'ESTAB') this.addKeepAlive(row);
    if (state === 'CLOSE-WAIT') this.addCloseWait(info);
    if (info && state !== 'SYN-SENT') this.addInfo(info, row);
  }

  /** Sockets in TIME-WAIT, and taking in some that were read before. */
  get over(): number {
    return this.states['TIME-WAIT'] ?? 0;
  }

  addOver(count: number): void {
    this.sockets += count;
    this.states['TIME-WAIT'] = this.over + count;
  }

  /** Takes in what a connection has sent and received since the look before; `inVain`: what it sent again says nothing of the way. */
  addFlow(before: Totals, now: Totals, inVain: InVain | undefined): void {
    this.flow ??= { sent: 0, resent: 0, received: 0, outOfOrder: 0 };
    this.flow.outOfOrder += Math.max(0, now.outOfOrder - before.outOfOrder);
    const again = resentBetween(before, now);
    if (inVain === 'closed') this.toClosed += again;
    this.flow.sent += Math.max(0, now.out - before.out) - (inVain ? again : 0);
    this.flow.resent += inVain ? 0 : again;
    this.flow.received += Math.max(0, now.in - before.in);
    if (carriedBulk(before, now)) this.bulk++;
    this.busyUs += Math.max(0, now.busyUs - before.busyUs);
    this.limitedUs += Math.max(0, now.limitedUs - before.limitedUs);
  }

  /** Takes in that data has come on one that has been seen for so long (ms). */
  addServed(seenMs: number): void {
    this.servedMs = Math.max(this.servedMs, seenMs);
  }

  /** Takes in one that has sent and received nothing since the look before. */
  addIdle(): void {
    this.flow ??= { sent: 0, resent: 0, received: 0, outOfOrder: 0 };
  }

  /** Takes in a connection that has come about since the look before. */
  addOpened(totals: Totals | undefined): void {
    this.opened++;
    if (totals && wasLate(totals)) this.lateOpened++;
  }

  addClosed(): void {
    this.closed++;
  }

  /** Takes in the round trips of a connection. */
  addRoundTrips(info: TcpInfo): void {
    this.roundTrips.add(info);
  }

  /** Takes in the last figures of a connection that has ended, and those of the look before, if it was seen there. */
  addEnd(info: TcpInfo, before: Totals | undefined): void {
    if (this.place.direction !== 'out') return;
    if (isGivenUp(info)) this.givenUp++;
    this.idleEndMs = Math.max(this.idleEndMs, endedIdle(info, before) ?? 0);
    const cut = cutOnReuse(info);
    if (!cut) return;
    this.cut.count++;
    if (cut.reset) this.cut.reset++;
    this.cut.leastIdleMs = Math.min(this.cut.leastIdleMs, cut.idleMs);
  }

  /** Takes in an attempt that ended before it came about. */
  addFailed(): void {
    this.failed++;
  }

  get failures(): number {
    return this.failed;
  }

  private addSyn(retries: number, seenMs: number): void {
    const { syn } = this;
    syn.count++;
    if (retries > 0) syn.retried++;
    syn.mostRetries = Math.max(syn.mostRetries, retries);
    syn.ageMs = Math.max(syn.ageMs ?? 0, seenMs, retries * SYN_RETRY_MS);
  }

  private addKeepAlive({ timer, expiresMs }: SocketRow): void {
    const { keepAlive } = this;
    if (timer === KEEP_ALIVE) {
      keepAlive.armed++;
      if (expiresMs !== null) keepAlive.longestMs = Math.max(keepAlive.longestMs ?? 0, expiresMs);
    } else if (timer === 0) keepAlive.none++;
  }

  /** Its FIN acknowledged something as well: since then nothing can have come. */
  private addCloseWait(info: TcpInfo | null): void {
    const ms = info?.lastAckRecvMs ?? null;
    if (ms === null) this.closeWaitOld = null;
    else if (ms > OLD_CLOSE_WAIT_MS && this.closeWaitOld !== null) this.closeWaitOld++;
  }

  private addInfo(info: TcpInfo, row: SocketRow): void {
    const { pathMtu, lastDataRecvMs } = info;
    this.readAny = true;
    const stuck = stuckOn(row, info);
    if (stuck) this.stuck.add(stuck);
    this.addRoundTrips(info);
    if (pathMtu !== null) this.pathMtu = Math.min(this.pathMtu ?? pathMtu, pathMtu);
    if (row.state !== 'ESTAB' || lastDataRecvMs === null) return;
    this.waits.add(this.place.direction, info, lastDataRecvMs);
    const { least, most } = this.idle ?? { least: lastDataRecvMs, most: lastDataRecvMs };
    this.idle = { least: Math.min(least, lastDataRecvMs), most: Math.max(most, lastDataRecvMs) };
  }

  /** `since` is false in the first look: what is since the look before is unknown then. `near`: its peer is on the same wire; `wireOf`: where it was asked for. */
  edge(since: boolean, near: boolean, wireOf: WireOf): Edge {
    const { place, flow } = this;
    const { peer, port, direction } = place;
    const wire = this.syn.count > 0 ? wireOf(peer) : undefined;
    return {
      ...{ owner: this.owner, peer, port, direction },
      ...this.holders.shown,
      ...(near ? { near } : {}),
      ...(wire === undefined ? {} : { wire }),
      ...(this.waits.owed.count > 0 ? { owed: { ...this.waits.owed } } : {}),
      ...(since && this.toClosed > 0 ? { toClosed: this.toClosed } : {}),
      ...(since && this.cut.count > 0 ? { cut: { ...this.cut } } : {}),
      ...(since && this.idleEndMs > 0 ? { idleEndMs: this.idleEndMs } : {}),
      ...(since && this.servedMs > 0 && this.place.direction === 'out' ? { servedMs: this.servedMs } : {}),
      ...(since && this.bulk > 0 ? { bulk: this.bulk } : {}),
      ...this.stuck.shown,
      ...(since && this.givenUp > 0 ? { givenUp: this.givenUp } : {}),
      states: this.states,
      synSent: { ...this.syn },
      ...this.roundTrips.middle,
      sent: since && flow ? flow.sent : null,
      resent: since && flow ? flow.resent : null,
      received: since && flow ? flow.received : null,
      outOfOrder: since && flow ? flow.outOfOrder : null,
      opened: since ? this.opened : null,
      lateOpened: since ? this.lateOpened : null,
      closed: since ? this.closed : null,
      failed: since ? this.failed : null,
      stalled: this.readAny ? this.stuck.count : null,
      unanswered: this.readAny && place.direction === 'out' ? { ...this.waits.unanswered } : null,
      sendQueue: this.sendQueue,
      zeroWindow: this.zeroWindow,
      receiverLimited: since && this.busyUs > 0 ? Math.min(1, this.limitedUs / this.busyUs) : null,
      keepAlive: { ...this.keepAlive },
      idleMs: this.idle,
      closeWait: { count: this.states['CLOSE-WAIT'] ?? 0, old: this.closeWaitOld },
      pathMtu: this.pathMtu,
    };
  }

  /** How much there is to see, for the order: what is sick before what is busy. */
  get rank(): number {
    const sick =
      this.syn.retried +
      this.stuck.count +
      this.zeroWindow +
      (this.closeWaitOld ?? 0) +
      this.lateOpened +
      this.cut.count +
      this.givenUp +
      this.failed;
    const resent = this.flow?.resent ?? 0;
    return (sick + resent) * 1_000_000 + 10 * this.sockets + Math.min(100_000, this.flow?.sent ?? 0);
  }
}
