import type { SocketRow } from '../../linux/socket-row.js';
import type { TcpInfo } from '../../linux/tcp-info.js';
import type { TcpStateName } from '../../linux/tcp-states.js';

/** What is remembered of a socket between looks: figures that only grow. */
export interface Remembered {
  /** Peer, port and direction as one text: made once in a socket's life. */
  readonly place: Place;
  /** Monotonic ms at which it was first seen. */
  readonly firstSeen: number;
  /** The look in which it was last seen. */
  look: number;
  /** It has come about: its handshake was counted. */
  open: boolean;
  owner: string | null;
  /** Place and owner as one text: by which its edge is found. */
  key: string;
  totals: Totals;
}

/** Who holds a socket that is no workload's: a process by its number and name, and the unit of systemd it belongs to. */
export interface Holder {
  readonly pid?: number | undefined;
  readonly process?: string | undefined;
  readonly unit?: string | undefined;
}

export interface Place {
  readonly key: string;
  readonly peer: string;
  readonly port: number;
  readonly direction: 'in' | 'out';
}

export interface Totals {
  readonly out: number;
  readonly in: number;
  /** Sent again, less what the peer had already. */
  readonly again: number;
  /** As the kernel counts what was sent again. */
  readonly segments: number;
  readonly outOfOrder: number;
  readonly bytesAgain: number;
  readonly busyUs: number;
  readonly limitedUs: number;
  /** Bytes that the peer has acknowledged, and those in a full-size segment. */
  readonly acked: number;
  /** Bytes received, the FIN counts as one; null where the kernel does not tell. */
  readonly received: number | null;
  readonly segmentBytes: number;
}

export const NOTHING: Totals = {
  segments: 0,
  out: 0,
  in: 0,
  again: 0,
  outOfOrder: 0,
  bytesAgain: 0,
  busyUs: 0,
  limitedUs: 0,
  acked: 0,
  received: 0,
  segmentBytes: 0,
};

/** Whether nothing was sent or received since, nor waits to be: most connections of a host are idle, and cost no more. */
export const isIdle = (info: TcpInfo, before: Totals): boolean =>
  info.dataSegsOut === before.out &&
  info.dataSegsIn === before.in &&
  info.totalRetrans === before.segments &&
  (info.busyUs ?? 0) === before.busyUs;

/** Undefined where this kernel does not count data segments (before Linux 4.6). */
export function totalsOf(info: TcpInfo): Totals | undefined {
  const { dataSegsOut, dataSegsIn, totalRetrans } = info;
  if (dataSegsOut === null || dataSegsIn === null || totalRetrans === null) return undefined;
  return {
    out: dataSegsOut,
    in: dataSegsIn,
    again: Math.max(0, totalRetrans - (info.dsackDups ?? 0)),
    segments: totalRetrans,
    outOfOrder: info.outOfOrder ?? 0,
    // Linux before 4.19 does not count them: then a SYN that was sent again counts as data.
    bytesAgain: info.bytesRetrans ?? totalRetrans,
    busyUs: info.busyUs ?? 0,
    limitedUs: info.receiverLimitedUs ?? 0,
    acked: info.bytesAcked ?? 0,
    received: info.bytesReceived,
    segmentBytes: info.segmentBytes ?? 0,
  };
}

/** Whether several full-size segments have arrived between two readings: what was acknowledged was mostly such. */
export function carriedBulk(before: Totals, now: Totals): boolean {
  const acked = now.acked - before.acked;
  const segments = Math.max(1, now.out - before.out - (now.segments - before.segments));
  return now.segmentBytes > 0 && acked >= 2 * now.segmentBytes && acked >= (segments * now.segmentBytes) / 2;
}

/** Data segments sent again between two readings: SYN and FIN count in `total_retrans` and have no bytes. */
export function resentBetween(before: Totals, now: Totals): number {
  if (now.bytesAgain <= before.bytesAgain) return 0;
  return Math.min(Math.max(0, now.again - before.again), Math.max(0, now.out - before.out));
}

/** The timer has doubled so often: what was sent and sent again is not answered at all, which chance losses hardly do. */
const DEAD_BACKOFF = 2;

/** Whether nothing comes back on it now. */
const isDead = (info: TcpInfo | null): boolean => (info?.backoff ?? 0) >= DEAD_BACKOFF;

/** What is not acknowledged is sent again after so long (ms) at the earliest (TCP_RTO_MIN). */
const LEAST_TIMEOUT_MS = 200;
const PEER_CLOSED: ReadonlySet<string> = new Set(['CLOSE-WAIT', 'LAST-ACK', 'CLOSING']);

/**
 * Whether what it sent last may have come to a peer that had closed already: that one acknowledges nothing any more, or
 * answers with a reset. Of one that is closed, or has ended, a client that spoke last and heard nothing for as long as
 * it takes to send again may be such; a server speaks last by nature, and is one only while its peer is seen to be gone.
 */
function maySpeakToNobody(state: TcpStateName, direction: 'in' | 'out', info: TcpInfo | null): boolean {
  if (state === 'ESTAB' || info === null) return false;
  if (direction === 'in') return PEER_CLOSED.has(state);
  const { lastDataSentMs: sent, lastDataRecvMs: received } = info;
  return sent !== null && received !== null && received - sent >= LEAST_TIMEOUT_MS;
}

/** Why what a connection sends again says nothing of the way: nothing comes back on it, or its peer may have closed before. */
export type InVain = 'dead' | 'closed';

/** Undefined where what it sends again was lost. */
export function inVain(state: TcpStateName, { direction }: Place, info: TcpInfo | null): InVain | undefined {
  if (isDead(info)) return 'dead';
  return maySpeakToNobody(state, direction, info) ? 'closed' : undefined;
}

/** Whether its handshake, or its end, took a second try: something was sent again and none of it was data. */
export const wasLate = ({ again, bytesAgain }: Totals): boolean => again > 0 && bytesAgain === 0;

/** Where a socket stands: whom it talks with, at which server's port, and who asked. */
export function placeOf(row: SocketRow, listening: Pick<ReadonlySet<number>, 'has'>): Place {
  const direction = row.state === 'SYN-RECV' || listening.has(row.localPort) ? 'in' : 'out';
  const port = direction === 'in' ? row.localPort : row.remotePort;
  const peer = row.remoteAddress();
  return { key: `${direction} ${port} ${peer}`, peer, port, direction };
}

/** States of a connection that has come about: both sides have spoken. */
const CAME_ABOUT: ReadonlySet<string> = new Set([
  ...['ESTAB', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSE-WAIT', 'LAST-ACK', 'CLOSING', 'CLOSE'],
]);

/** What the kernel keeps in the place of a connection that we closed and its peer did not: the connection has ended. */
const isLeftOver = (state: TcpStateName, info: TcpInfo | null): boolean =>
  state === 'FIN-WAIT-2' && info === null;

/** Whether a socket is of a connection that has come about, as its state says. */
export const hasComeAbout = (state: TcpStateName, info: TcpInfo | null): boolean =>
  CAME_ABOUT.has(state) && !isLeftOver(state, info);
