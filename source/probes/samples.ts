/** The typed samples that probes return: the facts that everything after them stands on. Times are milliseconds. */

import type { LastExit, WorkloadState } from '../engines/engine.js';
import type { TcpStateName } from '../linux/tcp-states.js';

export type TcpState = TcpStateName;
export { TCP_STATES } from '../linux/tcp-states.js';

export interface ServiceSample {
  readonly name: string;
  /** What it is for, as its engine says: `app`, `database`, `resolver`, `client`, `container`. */
  readonly role: string;
  readonly state: WorkloadState;
  /** Process id on this host, or null when it does not run or runs elsewhere. */
  readonly pid: number | null;
  /** Milliseconds since it was last started, or null. */
  readonly ageMs: number | null;
  /** CPU in per-core percent (one core fully used is 100), or null when unknown. */
  readonly cpuPercent: number | null;
  /** Resident memory in bytes, its child processes included, or null when unknown. */
  readonly memoryBytes: number | null;
  readonly openFds: number | null;
  /** Soft limit of open files, or null when unknown. */
  readonly fdLimit: number | null;
  /** Restarts since the engine first saw it. */
  readonly restarts: number;
  readonly lastExit: LastExit | null;
  /** TCP and UDP ports it serves. */
  readonly ports: readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[];
  /** Scheduler state letter of /proc/<pid>/stat (`R`, `S`, `D`, `T` …), or null. `T` is stopped by a signal. */
  readonly processState: string | null;
}

export interface ServicesSample {
  readonly services: readonly ServiceSample[];
  /** `/proc`, `systeminformation`, `cgroup`, `docker stats`. */
  readonly means: string;
  /** What could not be read and why, one line each. */
  readonly missing: readonly string[];
}

/** Kinds of failure texts that applications log, whatever their language. */
export type LogMatchKind =
  | 'name-resolution-temporary' // EAI_AGAIN, ETIMEOUT, SERVFAIL: the resolver did not answer in time or at all
  | 'name-resolution-missing' // EAI_NONAME, ENOTFOUND, NXDOMAIN: the name does not exist
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-timeout'
  | 'too-many-connections'
  | 'too-many-open-files'
  | 'out-of-memory';

export interface LogMatch {
  readonly service: string;
  readonly kind: LogMatchKind;
  /** Lines matched in the last 10 seconds. */
  readonly recent: number;
  /** Lines matched since the console started. */
  readonly total: number;
  /** The newest matching line, sanitised, at most 300 characters. */
  readonly lastLine: string;
  /** Wall-clock milliseconds of the newest match. */
  readonly lastAt: number;
}

export interface LogsSample {
  readonly matches: readonly LogMatch[];
}

export interface PeerCount {
  readonly peer: string;
  readonly count: number;
}

export interface ListenQueue {
  /** Service that owns the listener, or null when nobody we watch. */
  readonly service: string | null;
  readonly address: string;
  readonly port: number;
  /** Connections waiting for accept(): Recv-Q of a LISTEN socket. */
  readonly queued: number;
  /** Size of that queue: Send-Q of a LISTEN socket, or null when the means cannot tell (/proc text). */
  readonly backlog: number | null;
}

export interface ServiceSockets {
  readonly service: string;
  readonly byState: Readonly<Partial<Record<TcpState, number>>>;
  /** Sockets connected to it by others (its own listening port is the local one). */
  readonly inbound: number;
  /** Sockets it opened to others. */
  readonly outbound: number;
}

export interface SocketsSample {
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
  /** UDP sockets connected to a DNS server right now: lookups whose asker is still waiting. */
  readonly dnsAskers: readonly { readonly resolver: string; readonly count: number }[];
  readonly missing: readonly string[];
}

/** Counters since boot of the network namespace; the store makes rates of them. Absent counters are null, never zero. */
export interface KernelSample {
  readonly counters: Readonly<Record<KernelCounter, number | null>>;
  readonly means: string;
}
export const KERNEL_COUNTERS = [
  'Tcp.ActiveOpens',
  'Tcp.PassiveOpens',
  'Tcp.AttemptFails',
  'Tcp.EstabResets',
  'Tcp.CurrEstab',
  'Tcp.InSegs',
  'Tcp.OutSegs',
  'Tcp.RetransSegs',
  'Tcp.OutRsts',
  'TcpExt.ListenOverflows',
  'TcpExt.ListenDrops',
  'TcpExt.SyncookiesSent',
  'TcpExt.TCPTimeouts',
  'TcpExt.TCPSynRetrans',
  'TcpExt.TCPMemoryPressures',
  'TcpExt.TCPAbortOnData',
  'TcpExt.TCPReqQFullDrop',
  'TcpExt.TCPReqQFullDoCookies',
  'Udp.InErrors',
  'Udp.RcvbufErrors',
  'Udp.NoPorts',
] as const;
export type KernelCounter = (typeof KERNEL_COUNTERS)[number];

export interface ConntrackSample {
  readonly count: number;
  readonly max: number;
  /** count / max, 0 to 1. */
  readonly fill: number;
  /** Sums over all CPUs of /proc/net/stat/nf_conntrack, or null when that file is not readable. */
  readonly drop: number | null;
  readonly earlyDrop: number | null;
  readonly insertFailed: number | null;
  /** Seconds, by sysctl name without its prefix: `tcp_timeout_established`. */
  readonly timeouts: Readonly<Record<string, number>>;
}

/** How one DNS query ended. `timeout`: nobody answered while its asker waited. `refused`: ICMP port unreachable. */
export type DnsOutcome =
  | 'NOERROR'
  | 'NODATA'
  | 'NXDOMAIN'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'FORMERR'
  | 'NOTIMP'
  | 'OTHER'
  | 'timeout'
  | 'refused'
  | 'unreachable';

export interface DnsStep {
  /** The name as asked in this step of the search list. */
  readonly qname: string;
  readonly qtype: 'A' | 'AAAA';
  readonly outcome: DnsOutcome;
  /** Milliseconds from the query to the answer, or to giving up. */
  readonly ms: number;
  readonly addresses: readonly string[];
}

/** An answer to a query of an earlier run that its asker had given up on. */
export interface DnsLateAnswer {
  readonly qname: string;
  readonly qtype: 'A' | 'AAAA';
  readonly outcome: DnsOutcome;
  readonly ms: number;
}

export interface DnsNameSample {
  /** The name as the application writes it. */
  readonly name: string;
  /** `address:port` of the server that was asked. */
  readonly resolver: string;
  /** How long an asker waits, ms; steps slower than this count as timed out. */
  readonly patienceMs: number;
  readonly steps: readonly DnsStep[];
  /** True when a step gave an address while the asker waited. */
  readonly resolved: boolean;
  /** What libc would have waited in all, ms: the slower of A and AAAA of each step, added up. */
  readonly totalMs: number;
  readonly late: readonly DnsLateAnswer[];
}

export interface DnsSample {
  readonly names: readonly DnsNameSample[];
  readonly search: readonly string[];
  readonly ndots: number;
}

export type HttpPhase = 'dns' | 'connect' | 'tls' | 'firstByte' | 'transfer';
export type HttpFailureKind =
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'no-name'
  | 'unreachable'
  | 'tls'
  | 'protocol'
  | 'status';

export interface HttpFailure {
  readonly kind: HttpFailureKind;
  /** The phase in which it ended. */
  readonly phase: HttpPhase;
  /** For a person: "no first byte after 5.0 s: connected, request sent, nobody answered". */
  readonly text: string;
}

export interface HttpSample {
  /** Short name of the target: `GET /todos`. */
  readonly target: string;
  readonly url: string;
  readonly ok: boolean;
  /** HTTP status, or null when none came (curl's 000). */
  readonly status: number | null;
  readonly failure: HttpFailure | null;
  /** Milliseconds of each phase; null when the phase did not happen or did not end. */
  readonly phases: Readonly<Record<HttpPhase, number | null>>;
  readonly totalMs: number;
  /** Address that was connected to, or null. */
  readonly address: string | null;
}

export interface PostgresSample {
  readonly address: string;
  /** Milliseconds of SELECT 1 on a fresh connection, or null when it failed. */
  readonly selectOneMs: number | null;
  /** Milliseconds to connect and authenticate, or null. */
  readonly connectMs: number | null;
  /** Client connections in use, or null. */
  readonly connections: number | null;
  readonly maxConnections: number | null;
  /** Slots that only superusers may take (superuser_reserved_connections). */
  readonly reserved: number | null;
  /** Who holds most connections, most first, at most 3. */
  readonly holders: readonly {
    readonly application: string;
    readonly state: string;
    readonly count: number;
  }[];
  /** Why an ordinary client cannot get in, or null when one can. */
  readonly failure: {
    readonly kind: 'refused' | 'timeout' | 'too-many-connections' | 'authentication' | 'reset' | 'other';
    readonly text: string;
  } | null;
}

/** Counters that the lab's own services offer about themselves. Shown, never needed by a rule. */
export interface LabSample {
  readonly resolver: {
    readonly served: number;
    readonly dropped: number;
    readonly queue: number;
    readonly queueMax: number;
  } | null;
  readonly app: { readonly inFlight: number; readonly waiting: number; readonly slots: number } | null;
  readonly visitors: { readonly sent: number; readonly ok: number; readonly failed: number } | null;
}
