/** TCP and UDP sockets of a network namespace. Times are milliseconds. */

import type { NamedProcess } from '../../linux/process/socket-holders.js';
import type { Stopped } from '../../linux/process/stopped.js';
import { TCP_STATES, type TcpStateName } from '../../linux/tcp-states.js';

import type { Edges, Forwarded } from '../edges/sample.js';

export type TcpState = TcpStateName;
export { TCP_STATES };

export interface PeerCount {
  readonly peer: string;
  readonly count: number;
}

/** Who listens and does nothing, as it is stopped. */
export type StoppedListener = NamedProcess & Stopped;

export interface ListenQueue {
  /** Service that owns the listener, or null when nobody we watch. */
  readonly service: string | null;
  readonly address: string;
  readonly port: number;
  /** Connections waiting for accept(): Recv-Q of a LISTEN socket. */
  readonly queued: number;
  /** Size of that queue: Send-Q of a LISTEN socket, or null when the means cannot tell (/proc text). */
  readonly backlog: number | null;
  /** Who listens, where all of its processes that work are stopped; absent where any of them runs, or nobody was found. */
  readonly stopped?: StoppedListener;
  /** Who listens, where that is a process of a unit of systemd; absent where it is none, or was not found. */
  readonly holder?: NamedProcess;
  /** The unit of systemd that it belongs to, also where its process was not found; absent where it belongs to none. */
  readonly unit?: string;
  /** Of a queue that is more than half full only. */
  readonly pressed?: {
    /** Who listens; null when nobody was found who does. */
    readonly process: NamedProcess | null;
    /** net.core.somaxconn of its network: no queue is longer, whatever a program asks for. */
    readonly somaxconn: number | null;
  };
}

/** A process that waits for a Unix socket to accept it, and the TCP ports it serves itself. */
export type UnixWaiter = NamedProcess & { readonly ports: readonly number[] };

/** A Unix socket at which somebody waits for accept(). */
export interface UnixQueue {
  /** Its path; one without a file begins with `@`. */
  readonly path: string;
  readonly queued: number;
  readonly backlog: number;
  /** So long the same client has waited as the first of all: nobody was accepted meanwhile. */
  readonly headForMs: number;
  /** Who listens, and what stopped all of its processes that work; null where nobody was found. */
  readonly process: NamedProcess | null;
  /** All processes that listen there, at most 64: a master and its workers. */
  readonly pids: readonly number[];
  readonly stopped?: Stopped;
  readonly waiters: readonly UnixWaiter[];
}

/** A listener of a service of systemd that was there, and is not any more. */
export interface LeftListener {
  readonly unit: string;
  readonly port: number;
  /** Wall-clock ms at which it was first missed. */
  readonly at: number;
}

/** Connections that their peers have closed and their holder has not. */
export interface CloseWaitHolder {
  /** Workload that holds them; null inside a container, and for what is none. */
  readonly service: string | null;
  /** Null where it was not found: another user's, or beyond the bound. */
  readonly process: NamedProcess | null;
  readonly count: number;
  /** Of these the ones that have been so for more than ten seconds; null where the table does not tell. */
  readonly old: number | null;
  /** Besides: clients that have left while their request is still being worked on. */
  readonly busy: number;
  /** Open connections at the same ports and towards the same peers. */
  readonly open: number;
  /** The peer that most of them lead to; null where they came in. */
  readonly towards: PeerCount | null;
  /** The port that most of them came in at; null where they lead out. */
  readonly port: number | null;
}

/** How many of its local ports an address of this network has in use towards one server. */
export interface PortUse {
  readonly source: string;
  readonly peer: string;
  readonly port: number;
  /** Ports that connect() cannot give now. */
  readonly taken: number;
  /** Of these the ones whose connections have ended, and that are kept for a minute. */
  readonly timeWait: number;
  /** Ports that it may give (net.ipv4.ip_local_port_range), and their range. */
  readonly of: number;
  readonly range: string;
}

/** Connections at one port whose clients have not confirmed yet (SYN-RECV). */
export interface HalfOpen {
  /** Where it is listened on; empty where nobody is seen to listen. */
  readonly address: string;
  readonly port: number;
  readonly count: number;
  /** Room of the listeners there, added up; null where the table cannot tell. */
  readonly backlog: number | null;
  /** Addresses that ask, and how many each has, most first, at most 32. */
  readonly clients: number;
  readonly peers: readonly PeerCount[];
  /** Who listens; absent where that is not known. */
  readonly process?: NamedProcess;
}

export interface ServiceSockets {
  readonly service: string;
  readonly byState: Readonly<Partial<Record<TcpState, number>>>;
  /** Sockets connected to it by others (its own listening port is the local one), TIME-WAIT left out. */
  readonly inbound: number;
  /** Sockets it opened to others, TIME-WAIT left out. */
  readonly outbound: number;
}

export interface SocketsSample {
  /** Unix sockets with clients that wait longer than a moment, longest first, at most 20; absent for none. */
  readonly unixQueues?: readonly UnixQueue[];
  /** `netlink sock_diag`, `/proc/net/tcp`, `systeminformation`. */
  readonly means: string;
  readonly v4: Readonly<Partial<Record<TcpState, number>>>;
  readonly v6: Readonly<Partial<Record<TcpState, number>>>;
  /** Both families added up. */
  readonly total: Readonly<Partial<Record<TcpState, number>>>;
  readonly perService: readonly ServiceSockets[];
  /** Remote addresses with most sockets in the sick states, most first, at most 5 each. */
  readonly topPeers: Readonly<Record<'CLOSE-WAIT' | 'SYN-SENT' | 'SYN-RECV', readonly PeerCount[]>>;
  readonly listeners: readonly ListenQueue[];
  /** What services of systemd listened at and nobody does now, newest first, at most 50; absent for none. */
  readonly left?: readonly LeftListener[];
  /** Who holds what its peers have closed, most first; empty below ten connections, absent in recordings of before. */
  readonly closeWait?: readonly CloseWaitHolder[];
  /** Who of this network talks with whom; loopback among them, our own sockets not. Absent in old recordings. */
  readonly edges?: Edges;
  /** What this network forwards for others under their own addresses; absent for nothing. */
  readonly forwarded?: readonly Forwarded[];
  /** Servers that take half of the local ports there are, or more; absent for none, and where that was not read. */
  readonly portUse?: readonly PortUse[];
  /** Ports with half-open connections, those with most of them first; absent for none. */
  readonly halfOpen?: readonly HalfOpen[];
  /** UDP sockets connected to a DNS server right now: lookups whose client is still waiting. */
  readonly dnsAskers: readonly { readonly resolver: string; readonly count: number }[];
  readonly missing: readonly string[];
}
