import { createHash } from 'node:crypto';
import { FaultRefused, type FaultSpec } from './fault-spec.js';

/** A container as it was when the fault was planned; a restart gives it another process and another network. */
export interface TargetIdentity {
  /** Full id. */
  readonly id: string;
  readonly name: string;
  /** As the daemon says it (RFC 3339). */
  readonly startedAt: string;
  /** `net:[4026532…]` where it can be seen, else null. */
  readonly network: string | null;
}

/** One thing done to the world, as data: what `--dry-run` prints, what the journal keeps, what the fault agent does. */
export type AgentStep =
  /** A program of the toolbox, in the target's network namespace; `okCodes` besides 0. */
  | {
      readonly do: 'run';
      readonly command: readonly string[];
      readonly stdin?: string;
      readonly okCodes?: readonly number[];
    }
  /** A call to the daemon that the agent stands under; `okStatus` besides 2xx (304: it is so already). */
  | {
      readonly do: 'docker';
      readonly method: 'POST' | 'DELETE';
      readonly path: string;
      readonly body?: unknown;
      readonly okStatus?: readonly number[];
    }
  /** A verdict loop on an NFQUEUE, in the agent itself: its end lets every packet pass (bypass). */
  | {
      readonly do: 'queue';
      readonly number: number;
      readonly delayMs: number;
      readonly jitterMs: number;
      readonly lossPercent: number;
    }
  /** A program of the target's own image, run by the daemon in the target and not waited for (`docker exec --detach`). */
  | {
      readonly do: 'exec';
      readonly command: readonly string[];
      readonly user?: string;
      readonly okStatus?: readonly number[];
    }
  /** A DNS server on a UDP and TCP port in the target's namespace that answers everything with one code. */
  | { readonly do: 'answer'; readonly port: number; readonly rcode: 'NXDOMAIN' | 'SERVFAIL' };

/** What ends a fault whose console and whose agent are gone. */
export type Ending =
  /** Elements of an nft set with a timeout: the kernel forgets them. */
  | 'kernel lease'
  /** NFQUEUE with bypass: without its reader packets pass. */
  | 'fail-open'
  /** A container of ours, which the daemon owns, undoes it when its time is over. */
  | 'timer';

/**
 * One reading for the effect check, by a program of the toolbox in the target's network and process namespaces: taken
 * once before the fault is caused and once while it is there.
 */
export interface Reading {
  readonly name: string;
  readonly command: readonly string[];
  /** It is ended after this time (default 5,000). */
  readonly timeoutMs?: number;
}

/** What a reading found. */
export interface ReadingResult {
  /** Exit code; null when it did not end in time or could not be started. */
  readonly code: number | null;
  /** Standard output, then standard error; the first 8 kB. */
  readonly output: string;
  /** Milliseconds from start to end. */
  readonly ms: number;
}

/** A target seen at one moment: its state, and what the plan's readings found, by their names. */
export interface Observation {
  readonly snapshot: Snapshot;
  readonly readings: Readonly<Record<string, ReadingResult>>;
}

/** What a fault will do, complete, before anything is done. */
export interface FaultPlan {
  /** `f` and digits and letters, unique; names its nft table `faultline_<id>`, its container `faultline-<id>`. */
  readonly id: string;
  readonly spec: FaultSpec;
  readonly target: TargetIdentity;
  /** For a person: "todo-app-1: every packet it sends waits 200 ms". */
  readonly what: string;
  /** By what it is done here: `netem`, `NFQUEUE`, `nft`, `docker update`. */
  readonly means: string;
  /** Why no better means serves here, or null. */
  readonly insteadOf: string | null;
  readonly ending: Ending;
  readonly ttlMs: number;
  /** Done in this order; the first that fails ends it, and what was done is undone. */
  readonly apply: readonly AgentStep[];
  /** Run every third of `ttlMs` while the console lives. */
  readonly renew: readonly AgentStep[];
  /** Run in this order, each whether or not the one before it failed; safe to run twice. */
  readonly undo: readonly AgentStep[];
  /** Taken before and with the fault for the effect check; the snapshot is there besides. */
  readonly readings: readonly Reading[];
  readonly agent: AgentNeeds;
}

/** What the fault agent's container needs. */
export interface AgentNeeds {
  readonly capabilities: readonly ('NET_ADMIN' | 'NET_RAW' | 'SYS_PTRACE')[];
  /** Joins the target's network, or none. */
  readonly network: 'target' | 'none';
  /** Joins the target's process namespace. */
  readonly pid: boolean;
  /** Is given the daemon's socket. */
  readonly socket: boolean;
  readonly user?: string;
}

/** What is particular to one kind of fault in a plan; the rest is the same for all. */
export type PlanBody = Pick<FaultPlan, 'what' | 'means' | 'ending' | 'apply' | 'undo' | 'agent'> &
  Partial<Pick<FaultPlan, 'insteadOf' | 'renew' | 'readings'>>;

/** The target's state, section by section (`nft`, `qdisc`, `routes`, `limits` …), normalised so that equal is equal. */
export type Snapshot = Readonly<Record<string, string>>;

/** What differs between two snapshots, one line each, with the section before it; empty is the same. */
export type SnapshotDifference = readonly string[];

/** The name of a fault's nftables table, and the comment of its other rules. Throws FaultRefused for no id of a fault. */
export function tableName(id: string): string {
  if (!/^f[0-9a-z]{1,30}$/.test(id)) throw new FaultRefused(`${JSON.stringify(id)} is no id of a fault`);
  return `faultline_${id}`;
}

/** A number that an id always gives again, `from` to `from + count - 1`: a port or a queue of its own for each fault. */
export function numberOf(id: string, from: number, count: number): number {
  return from + (createHash('sha256').update(id).digest().readUInt32BE(0) % count);
}
