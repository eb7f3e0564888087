import type { NetworkInterface } from '../../linux/namespace/interfaces.js';
import type { RouteMtu } from '../../linux/namespace/route-mtu-reply.js';
import type { Route } from '../../linux/namespace/routes.js';
import type { LibcKind } from '../../linux/resolver/candidates.js';
import type { ResolvConf } from '../../linux/resolver/resolv-conf.js';
import type { ConntrackSample } from '../conntrack/sample.js';
import type { Edges, Forwarded } from '../edges/sample.js';
import type { KernelSample } from '../kernel/sample.js';
import type { SocketsSample, UnixQueue } from '../sockets/sample.js';

/** Sockets of one network namespace, and the listeners' queues with them. */
export type InsideSockets = Pick<
  SocketsSample,
  'v4' | 'v6' | 'total' | 'topPeers' | 'listeners' | 'closeWait' | 'portUse' | 'halfOpen'
> & {
  /** `netlink sock_diag`, `/proc/<pid>/net/tcp`, or `sockstat` when that says that there is none to be read. */
  readonly means: string;
  /** Who in it talks with whom, loopback among them. */
  readonly edges: Edges;
};

/** What one process' network looks like from inside. Null is unknown, and `missing` says why. */
export interface InsideSample {
  readonly name: string;
  readonly pid: number | null;
  readonly means: InsideMeans;
  /** `net:[4026532…]`; two containers of the same one share their network. Null when that may not be seen. */
  readonly network: string | null;
  /** Containers that are in the same network: what is said here is said of them, too. */
  readonly sharedWith: readonly string[];
  readonly sockets: InsideSockets | null;
  /** Unix sockets with clients that wait longer than a moment; absent for none, and where it cannot be entered. */
  readonly unixQueues?: readonly UnixQueue[];
  readonly kernel: KernelSample | null;
  /** Lookups of its processes that wait for an answer now; absent where they were not counted. */
  readonly askers?: number | null;
  /** The connection tracker as this network sees it: own count, losses and timeouts, the machine's `max`. */
  readonly conntrack: ConntrackSample | null;
  readonly interfaces: readonly NetworkInterface[] | null;
  readonly routes: readonly Route[] | null;
  /** What this network forwards for others under their own addresses; absent for nothing, and where it was not seen. */
  readonly forwarded?: readonly Forwarded[];
  /** Routes with an MTU of their own, and what routers said of the ways beyond (path MTU). */
  readonly routeMtus: readonly RouteMtu[] | null;
  /** resolv.conf as its processes read it. */
  readonly resolver: ResolvConf | null;
  /** Null also for a static program, which has none. */
  readonly libc: LibcKind | null;
  /** What could not be read and why, one line each. */
  readonly missing: readonly string[];
}

/**
 * How one looks into a process' network, best first: from a thread that enters it; by what its /proc folder shows
 * from outside (tables and counters, nothing that has to be asked); by a program run in its container; by a container
 * of our own that joins its network; or not at all.
 */
export interface InsideMeans {
  readonly by: 'setns' | '/proc/<pid>/net' | 'docker exec' | 'toolbox container' | 'none';
  /** Why no better means serves; null for the best. */
  readonly reason: string | null;
  /** What would grant a better one, where anything would. */
  readonly mend: string | null;
}

/** A process whose network is looked into: a container's first one. */
export interface InsideSource {
  readonly name: string;
  /** On this host; null when it does not run or runs elsewhere. */
  readonly pid: number | null;
  /** Containers that are in the same network, and see the same. */
  readonly sharedWith?: readonly string[];
}
