import type Docker from 'dockerode';
import { withDeadline } from '../../engines/docker/link/deadline.js';
import { CALL_MS } from '../agent/toolbox.js';

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
export async function readMemoryInUse(docker: Docker, id: string): Promise<number | null> {
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
