/** Who talks to whom, as the sockets of a network namespace show it. Times are milliseconds; null is unknown, never 0. */

import { joinHostPort } from '../../linux/ip-address.js';
import type { TcpStateName } from '../../linux/tcp-states.js';

/**
 * All connections of one owner with one peer at one server's port. `sent`, `resent`, `received`, `opened`, `closed` and
 * what is counted of handshakes are since the look before, and null in the first look and where the table has no such figures.
 */
export interface Edge {
  /** Workload that holds the sockets; null where that is not known, and inside a container: all are its own. */
  readonly owner: string | null;
  /** Processes that were seen to hold some of them, by name, three at most; absent where none was. */
  readonly processes?: readonly string[];
  /** The same by their numbers; absent where none was seen, or too many to tell. */
  readonly pids?: readonly number[];
  /** Units of systemd that they belong to, three at most; absent where they belong to none. */
  readonly units?: readonly string[];
  /** Address of the other end. */
  readonly peer: string;
  /** The server's port: the peer's for `out`, ours for `in`. */
  readonly port: number;
  /** `in`: the peer connected to a port that is listened on here; `out`: else. */
  readonly direction: 'in' | 'out';
  /** The peer is on the same wire (it answers ARP): in this machine or building. Absent where that is not known. */
  readonly near?: true;
  /** Where a SYN to it waits: the wire that its address was asked for on. Absent elsewhere. */
  readonly wire?: Wire;
  /** Sockets by state; a state that is absent has none. */
  readonly states: Readonly<Partial<Record<TcpStateName, number>>>;
  /** Connections that wait for an answer to their SYN. */
  readonly synSent: SynSent;
  /**
   * Middle of its connections' smoothed round trips, and of the least round trip that each has seen lately; those that
   * ended since the look before are among them.
   */
  readonly rttMs: number | null;
  readonly minRttMs: number | null;
  /**
   * Data segments sent (those sent again are among them), and of these sent again: never more than sent. What the peer
   * had already is left out, and what is sent again and again on a connection that is dead (`stalled`).
   */
  readonly sent: number | null;
  readonly resent: number | null;
  /** Data segments sent again to a peer that may have closed before; absent where none were. */
  readonly toClosed?: number;
  /**
   * Connections of `out` that ended since the look before as they were used again after a silence: how many, of how many
   * the end was a reset, and the least of these silences. Absent where there were none.
   */
  readonly cut?: { readonly count: number; readonly reset: number; readonly leastIdleMs: number };
  /** Connections on which several full-size segments were acknowledged since the look before; absent where on none. */
  readonly bulk?: number;
  /**
   * Of those stalled the ones that send full-size segments again: how many, of how many bytes of data each at least,
   * how long ago the first was sent that is not acknowledged, and the last again. Absent where there are none.
   */
  readonly stuckFull?: {
    readonly count: number;
    readonly bytes: number;
    readonly sinceMs: number;
    readonly lastTryMs: number;
  };
  /** The same of those that were idle before, by the least of these silences. */
  readonly stuckIdle?: {
    readonly count: number;
    readonly leastIdleMs: number;
    readonly sinceMs: number;
    readonly lastTryMs: number;
  };
  /**
   * Connections of `out` that ended since the look before without an answer to what was sent last, a tenth of a second ago
   * or more: requests that were given up. Absent where there were none.
   */
  readonly givenUp?: number;
  /**
   * The longest time for which a connection of `out` was idle that then ended in order, not used once more, since the look
   * before. Absent where none did.
   */
  readonly idleEndMs?: number;
  /**
   * Of the connections of `out` on which data has come since the look before, for how long the oldest has been seen. Absent
   * where none has been longer than this look.
   */
  readonly servedMs?: number;
  /** Data segments received, and of these out of order: one before them was lost, or overtaken. */
  readonly received: number | null;
  readonly outOfOrder: number | null;
  /**
   * Connections that came about, seen for the first time, and of these those whose SYN, its answer or, where they have
   * ended, FIN had to be sent again.
   */
  readonly opened: number | null;
  readonly lateOpened: number | null;
  /** Connections that were there in the look before, or came about since, and are gone. */
  readonly closed: number | null;
  /** Attempts to connect that ended without an answer that let them: refused, timed out, given up. */
  readonly failed: number | null;
  /** Connections with unacknowledged data whose retransmission timer has doubled three times or more: nothing comes back. */
  readonly stalled: number | null;
  /**
   * Established connections of `out` on which we spoke last: a request without an answer, in protocols that have such,
   * and how long ago the oldest of them was sent.
   */
  readonly unanswered: { readonly count: number; readonly longestMs: number } | null;
  /**
   * Established connections of `in` on which the client spoke last, and how long ago the oldest of them did: requests
   * that wait for our answer. Absent where there are none, and where the table does not tell.
   */
  readonly owed?: { readonly count: number; readonly longestMs: number };
  /** Bytes that wait in send queues; null where the table does not tell them. */
  readonly sendQueue: number | null;
  /** Connections whose peer has closed its window (zero-window probes). */
  readonly zeroWindow: number;
  /** Share of the time with data to send in which the receiver had no room; null when there was nothing to send. */
  readonly receiverLimited: number | null;
  /** Established connections with a keep-alive timer, without any, and the longest time until one goes off. */
  readonly keepAlive: { readonly armed: number; readonly none: number; readonly longestMs: number | null };
  /** How long ago data was last received on an established connection: on that where it is longest, and least, ago. */
  readonly idleMs: { readonly least: number; readonly most: number } | null;
  /** Connections that the peer has closed and we have not, and of these those of more than a minute. */
  readonly closeWait: { readonly count: number; readonly old: number | null };
  /** The least path MTU of its connections. */
  readonly pathMtu: number | null;
}

/** An interface on which an address is, or should be. */
export interface Wire {
  readonly device: string;
  /** It answered ARP when it was last asked, which may be a minute ago: the kernel asks again in its own time. */
  readonly answers: boolean;
  /** Of one that does not: all who can be on that wire are networks of this machine that are up, so that nobody has it. */
  readonly closed?: true;
  /** It answered before, and now none of the networks on its wire has the address: all of them are seen. */
  readonly vacant?: true;
}

export interface SynSent {
  readonly count: number;
  /** Whose SYN was sent more than once. */
  readonly retried: number;
  /** SYNs sent again by the one that tried most. */
  readonly mostRetries: number;
  /** The oldest waits so long at least; null without any. */
  readonly ageMs: number | null;
}

/** A connection that a network forwards under the address of who asks for it, not under one of its own. */
export interface Forwarded {
  /** Who asks, and whom at which port. */
  readonly source: string;
  readonly peer: string;
  readonly port: number;
  /** SYNs that left for it, and answers to them that came, in the last 20 s. */
  readonly syns: number;
  readonly answers: number;
  /** Whether the peer knows a way back to the source; null where it is none of this machine's, or that was not asked. */
  readonly wayBack: boolean | null;
}

/** The edges of one look. */
export interface Edges {
  /** Time since the look before that read them; null in the first one, and where the table knows no socket again. */
  readonly sinceMs: number | null;
  /** Established connections that were read as a share of those there are: 1 unless there are too many. */
  readonly sampled: number;
  /** Sick and busy ones first, at most 200. */
  readonly list: readonly Edge[];
  /** Edges that were left out. */
  readonly left: number;
}

/** An edge of which nothing is known. */
export const UNKNOWN_EDGE: Edge = {
  ...{ owner: null, peer: '', port: 0, direction: 'out', states: {} },
  synSent: { count: 0, retried: 0, mostRetries: 0, ageMs: null },
  ...{ rttMs: null, minRttMs: null, sent: null, resent: null, received: null, outOfOrder: null },
  ...{ opened: null, lateOpened: null, closed: null, failed: null, stalled: null, unanswered: null },
  ...{ sendQueue: null, zeroWindow: 0 },
  receiverLimited: null,
  keepAlive: { armed: 0, none: 0, longestMs: null },
  idleMs: null,
  closeWait: { count: 0, old: null },
  pathMtu: null,
};

export const NO_EDGES: Edges = { sinceMs: null, sampled: 1, list: [], left: 0 };

/** Sockets of an edge, in whatever state. */
export const socketsOf = ({ states }: Pick<Edge, 'states'>): number =>
  Object.values(states).reduce((sum, count) => sum + count, 0);

/** The server of an edge that goes out, `address:port`; of one that comes in its client, by address alone. */
export const peerOf = ({ peer, port, direction }: Pick<Edge, 'peer' | 'port' | 'direction'>): string =>
  direction === 'out' ? joinHostPort(peer, port) : peer;
