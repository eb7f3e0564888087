/** Lookups, step by step. Times are milliseconds. */

import type { LineNotTaken } from '../../linux/resolver/resolv-conf.js';

export type { LineNotTaken };

/** How one DNS query ended. `timeout`: nobody answered while its client waited. `refused`: ICMP port unreachable. */
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
  /** Its answer did not fit into a datagram and was asked for again over TCP (RFC 1035 4.2.1, TC), which is what ended so. */
  readonly truncated?: true;
  /** Of one that could not be sent: the kernel's own word for why (`ENETUNREACH`, `EPERM`). */
  readonly code?: string;
}

/** An answer to a query of an earlier run that its client had given up on. */
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
  /** How long a client waits, ms; steps slower than this count as timed out. */
  readonly patienceMs: number;
  readonly steps: readonly DnsStep[];
  /** True when a step gave an address while the client waited, or the host's C library gives one by another way. */
  readonly resolved: boolean;
  /** Nobody gave this name to watch: it was seen to be asked for. */
  readonly learnt?: boolean;
  /** Nobody is seen to try the search list for it: with a dot at its end, or it is asked for to watch it alone. */
  readonly unsearched?: boolean;
  /** Of one that was learnt, and is asked for now: how often it was seen to be. */
  readonly timesAsked?: number;
  /** Addresses that no server gave and the C library has all the same (nscd, mdns, resolve ...). */
  readonly otherwise?: readonly string[];
  /** What libc would have waited in all, ms: the slower of A and AAAA of each step, added up. */
  readonly totalMs: number;
  readonly late: readonly DnsLateAnswer[];
  /** How long others waited for what they were given for it since the last run, as packets show, ms. */
  readonly othersMs?: readonly number[];
  /** What it gave before and does not give any more, newest first, at most 16; absent for none. */
  readonly former?: readonly FormerAddress[];
  /** Its last answer left an address out that the one before had: the next tells whether it has moved. */
  readonly moving?: true;
}

/** An address that a name gave, and when it did so last (wall-clock ms). */
export interface FormerAddress {
  readonly address: string;
  readonly at: number;
}

/** Questions of others that a server has not answered. */
export interface UnheardQuestions {
  /** Its address. */
  readonly server: string;
  readonly asked: number;
  /** Milliseconds since the first of them; it has answered nobody since. */
  readonly ms: number;
}

export interface DnsSample {
  readonly names: readonly DnsNameSample[];
  /** Servers that let others wait, as far as packets are seen. */
  readonly unheard?: readonly UnheardQuestions[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Lines of resolv.conf that were meant and that the C library does not take. */
  readonly notTaken?: readonly LineNotTaken[];
}
