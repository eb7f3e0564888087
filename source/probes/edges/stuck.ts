import type { SocketRow } from '../../linux/socket-row.js';
import type { TcpInfo } from '../../linux/tcp-info.js';
import type { Edge } from './sample.js';

/** The timer has doubled so often: at least 1.4 s without an answer on the quickest way there is (RTO 0.2 s). */
const STALLED_BACKOFF = 3;
/** `timer` of a socket. */
const RETRANSMIT = 1;
/** What is in flight is full-size segments mostly, where it is more than this share of as many of them. */
const MOSTLY = 0.5;

/** Silence (ms) from which on a connection was idle: mostly longer than a server thinks, shorter than any middle forgets. */
const LEAST_IDLE_MS = 3_000;

/** A connection on which nothing comes back. Times are milliseconds. */
export interface Stuck {
  /** Bytes of data in each segment that it sends again, where these are full-size; null where they are smaller. */
  readonly fullBytes: number | null;
  /** Since what is not acknowledged was sent for the first time, and for the last; null where this kernel does not tell. */
  readonly sinceMs: number | null;
  readonly lastTryMs: number | null;
  /** Silence before that: nothing had come for so long when it was sent. */
  readonly silenceMs: number | null;
}

/** Undefined where what was sent last may well be acknowledged yet. */
export function stuckOn({ timer, txQueue }: SocketRow, info: TcpInfo): Stuck | undefined {
  const { backoff, unacked, segmentBytes, notSentBytes, timeoutUs, lastDataSentMs } = info;
  if (timer !== RETRANSMIT || (backoff ?? 0) < STALLED_BACKOFF || !unacked) return undefined;
  const inFlight = txQueue === null || notSentBytes === null ? 0 : txQueue - notSentBytes;
  const isFull =
    segmentBytes !== null && inFlight >= segmentBytes && inFlight >= MOSTLY * unacked * segmentBytes;
  // Each wait was half as long as the one after it: all of them together are the last one less the first.
  const triedMs = timeoutUs === null ? null : (timeoutUs / 1000) * (1 - 2 ** -(backoff ?? 0));
  const sinceMs = triedMs === null || lastDataSentMs === null ? null : lastDataSentMs + triedMs;
  const heard = [info.lastDataRecvMs, info.lastAckRecvMs].filter((ms) => ms !== null);
  return {
    fullBytes: isFull ? segmentBytes : null,
    sinceMs,
    lastTryMs: lastDataSentMs,
    silenceMs: sinceMs === null || heard.length === 0 ? null : Math.max(0, Math.min(...heard) - sinceMs),
  };
}

/** The connections of one edge on which nothing comes back. */
export class StuckTally {
  count = 0;
  private full: Edge['stuckFull'];
  private idle: Edge['stuckIdle'];

  add({ fullBytes, sinceMs, lastTryMs, silenceMs }: Stuck): void {
    this.count++;
    if (sinceMs === null || lastTryMs === null) return;
    if (fullBytes !== null) {
      const { count, ...before } = this.full ?? { count: 0, bytes: fullBytes, sinceMs, lastTryMs };
      this.full = {
        count: count + 1,
        bytes: Math.min(before.bytes, fullBytes),
        sinceMs: Math.max(before.sinceMs, sinceMs),
        lastTryMs: Math.min(before.lastTryMs, lastTryMs),
      };
    }
    if (silenceMs === null || silenceMs < LEAST_IDLE_MS) return;
    const { count, ...before } = this.idle ?? { count: 0, leastIdleMs: silenceMs, sinceMs, lastTryMs };
    this.idle = {
      count: count + 1,
      leastIdleMs: Math.min(before.leastIdleMs, silenceMs),
      sinceMs: Math.max(before.sinceMs, sinceMs),
      lastTryMs: Math.min(before.lastTryMs, lastTryMs),
    };
  }

  /** Those that send full-size segments again, and those that had been idle, where there are any. */
  get shown(): Pick<Edge, 'stuckFull' | 'stuckIdle'> {
    return {
      ...(this.full ? { stuckFull: this.full } : {}),
      ...(this.idle ? { stuckIdle: this.idle } : {}),
    };
  }
}
