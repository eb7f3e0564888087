import type Docker from 'dockerode';
import { withDeadline } from '../../engines/docker/link/deadline.js';
import { CALL_MS, type Toolbox } from '../agent/toolbox.js';
import { FaultRefused } from '../fault-spec.js';
import type { InspectedTarget } from '../observe/target.js';
import {
  type HostMeans,
  type InsideFacts,
  type ProcessFacts,
  readInside,
  readMeans,
  untriedMeans,
} from './looks.js';

/** Everything a plan is made of besides what was asked for; read before, so that planning itself is pure. */
export interface Surroundings {
  readonly id: string;
  readonly ttlMs: number;
  readonly target: InspectedTarget;
  /** What the machine can do; untried where the kind of fault has no use for it. */
  readonly means: HostMeans;
  /** What is inside the target's namespaces; null where the kind of fault has no use for it. */
  readonly inside: InsideFacts | null;
  /** Bytes in use that the kernel cannot get back by dropping files it could read again; null when not asked for. */
  readonly memoryInUse: number | null;
}

/** What a kind of fault has to know besides what the daemon says of the target. */
export type Wanted = 'means' | 'inside' | 'memory';

export interface PlanContext extends Toolbox {
  /** The id that the plan has to carry. */
  readonly id: string;
  readonly ttlMs: number;
  readonly signal: AbortSignal;
}

/**
 * Reads what a plan is made of, for a target that was inspected just now: what the machine can do (tried once a
 * daemon) and what is inside the target. Changes nothing. Rejects when it cannot be read.
 */
export async function readSurroundings(
  target: InspectedTarget,
  wanted: readonly Wanted[],
  { docker, image, id, ttlMs, signal }: PlanContext,
): Promise<Surroundings> {
  const on = { docker, image };
  signal.throwIfAborted();
  const [means, inside, memoryInUse] = await Promise.all([
    wanted.includes('means') ? readMeans(on) : untriedMeans,
    wanted.includes('inside') ? readInside(on, target.identity) : null,
    wanted.includes('memory') ? readMemoryInUse(docker, target.identity.id) : null,
  ]);
  signal.throwIfAborted();
  return { id, ttlMs, target, means, inside, memoryInUse };
}

/** The neighbour that is there on every network of Docker's: its gateway, which is the host. Null without one. */
export function neighbourOf({ target }: Surroundings): string | null {
  return target.networks.find(({ gateway }) => gateway !== '')?.gateway ?? null;
}

/** The target's first process. Throws FaultRefused when it could not be seen. */
export function firstProcess({ inside, target }: Surroundings): ProcessFacts {
  const first = inside?.processes.find(({ pid }) => pid === 1);
  if (first) return first;
  throw new FaultRefused(
    `${target.identity.name}: its first process cannot be seen from a container beside it`,
  );
}

/** The parts of `GET /containers/{id}/stats` that are read; the names differ between cgroup v1 and v2. */
interface MemoryStats {
  readonly usage?: number;
  readonly stats?: {
    readonly total_cache?: number;
    readonly cache?: number;
    readonly file?: number;
    readonly total_shmem?: number;
    readonly shmem?: number;
  };
}

/** Bytes that a target holds beyond file pages, which the kernel drops when it must; null when it is not told. */
async function readMemoryInUse(docker: Docker, id: string): Promise<number | null> {
  const stats = await withDeadline(CALL_MS, (abortSignal) =>
    docker.getContainer(id).stats({ stream: false, 'one-shot': true, abortSignal } as { stream: false }),
  ).catch(() => null);
  return memoryInUse((stats as { memory_stats?: MemoryStats } | null)?.memory_stats ?? {});
}

/** Pure. Shared memory counts as file pages, and cannot be dropped. */
export function memoryInUse({ usage, stats = {} }: MemoryStats): number | null {
  if (usage === undefined) return null;
  const files = stats.total_cache ?? stats.cache ?? stats.file ?? 0;
  const shared = stats.total_shmem ?? stats.shmem ?? 0;
  return Math.max(0, usage - Math.max(0, files - shared));
}
