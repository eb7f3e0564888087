import type { TargetIdentity } from '../fault-plan.js';

/** Everything a plan is made of besides what was asked for; read before, so that planning itself is pure. */
export interface Surroundings {
  readonly id: string;
  readonly ttlMs: number;
  readonly target: TargetFacts;
  readonly means: HostMeans;
  /** What is inside the target's namespaces; null where the kind of fault has no use for it. */
  readonly inside: InsideFacts | null;
}

/** What the daemon says of the target. */
export interface TargetFacts {
  readonly identity: TargetIdentity;
  readonly running: boolean;
  readonly paused: boolean;
  /** Started with `--rm`: stopped is gone. */
  readonly autoRemove: boolean;
  /** A task of a Swarm service: the orchestrator replaces it once it has ended. */
  readonly orchestrated: boolean;
  /** Whose network it has: its own, none, the host's, or that of another container (by its id). */
  readonly network: 'own' | 'none' | 'host' | { readonly container: string };
  readonly networks: readonly NetworkFacts[];
  readonly limits: LimitFacts;
  /** Bytes in use that the kernel cannot get back by dropping files it could read again; null when not asked for. */
  readonly memoryInUse: number | null;
}

/** The target on one network, and what a new connection needs to be the same. */
export interface NetworkFacts {
  readonly name: string;
  readonly id: string;
  readonly ipv4: string;
  /** Empty without one. */
  readonly ipv6: string;
  readonly gateway: string;
  /** Those that were asked for; the daemon adds the short id itself. */
  readonly aliases: readonly string[];
  readonly links: readonly string[];
  readonly driverOpts: Readonly<Record<string, string>>;
}

/** As `HostConfig` has them: 0 is "not set" for all, and -1 "none" for quota and swap. */
export interface LimitFacts {
  readonly nanoCpus: number;
  /** Microseconds a period. */
  readonly cpuQuota: number;
  readonly cpuPeriod: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes of memory and swap together. */
  readonly memorySwap: number;
  readonly memoryReservation: number;
}

/** Found by trying it in a network namespace that is thrown away: null where it works, else what the kernel said. */
export type Trial = string | null;

/** What this daemon's machine can do in a network namespace, with the toolbox's programs. */
export interface HostMeans {
  readonly netem: Trial;
  readonly tbf: Trial;
  readonly nft: Trial;
  /** `queue` of nftables itself. */
  readonly nftQueue: Trial;
  /** NFQUEUE as a target of iptables. */
  readonly iptablesNft: Trial;
  readonly iptablesLegacy: Trial;
  /** The egress hook of nftables (Linux 5.16): what is dropped there looks sent to its sender. */
  readonly egress: Trial;
}

export interface LinkFacts {
  readonly name: string;
  /** Packets; 0 where none is set, as on Docker's own links. */
  readonly queueLength: number;
  /** `noqueue` where nothing was ever set up. */
  readonly rootQdisc: string;
  /** `0:` where the kernel put it there itself. */
  readonly rootHandle: string;
}

export interface ProcessFacts {
  /** In the target's own process namespace. */
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  readonly gid: number;
  /** Soft and hard limit of open files; null is unlimited. */
  readonly openFiles: { readonly soft: number | null; readonly hard: number | null };
  readonly oomScoreAdj: number;
}

/** What a container of ours found in the target's network and process namespaces. */
export interface InsideFacts {
  /** All but the loopback. */
  readonly links: readonly LinkFacts[];
  /** `ip mangle`, `ip mangle OUTPUT`: tables and chains of nftables that are there. */
  readonly chains: readonly string[];
  readonly processes: readonly ProcessFacts[];
}
