import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** What a System V segment says of itself (/proc/sysvipc/shm, proc(5)). */
export interface Segment {
  readonly key: number;
  readonly id: string;
  readonly attached: number;
  /** User that made it. */
  readonly creator: number;
  /** Seconds since 1970 of its making or last change of rights. */
  readonly changedAt: number;
}

/** The data folder of a database cluster: whose it is, since when (seconds since 1970), and its inode. */
export interface DataFolder {
  readonly uid: number;
  readonly madeAt: number;
  readonly inode: bigint;
}

const SEGMENTS = '/proc/sysvipc/shm';
/** Where a segment with the key was there already PostgreSQL takes the next one (NextShmemSegID of sysv_shmem.c). */
const MOST_KEYS = 16;
/** A backend that was killed is attached for a moment yet (ms). */
const PATIENCE_MS = 2_000;
const LOOK_MS = 50;

/**
 * Removes the System V segments that a PostgreSQL which was killed, its bootstrap in initdb too, left: only its next
 * start on the same data folder would take them away, and there is none. The key is the inode of that folder
 * (PGSharedMemoryCreate of src/backend/port/sysv_shmem.c), so that no file is taken at its word. Resolves to what is
 * left, one line each. The lab's dynamic shared memory is files in that folder.
 */
export async function releaseSharedMemory(dataFolder: string): Promise<readonly string[]> {
  const data = lookAt(dataFolder);
  if (data === null) return [];
  if (!existsSync(SEGMENTS)) {
    // Elsewhere a user who is not root can remove none but one's own.
    const key = String(BigInt.asIntN(32, data.inode));
    if (process.geteuid?.() !== 0) await execa('ipcrm', ['-M', key], { reject: false, timeout: 2_000 });
    return [];
  }
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const own = segmentsOf(data, readSegments());
    const free = own.filter(({ attached }) => attached === 0);
    for (const { id } of free) await execa('ipcrm', ['-m', id], { reject: false, timeout: 2_000 });
    const left = segmentsOf(data, free.length > 0 ? readSegments() : own);
    if (left.length === 0) return [];
    if (performance.now() > end)
      return left.map(({ id, attached }) =>
        attached > 0
          ? `shared memory segment ${id} is in use: ipcs -m -p says by whom`
          : `shared memory segment ${id} could not be removed: ipcrm -m ${id}`,
      );
    await sleep(LOOK_MS);
  }
}

/** The segments that a cluster with this data folder made. Pure. */
export function segmentsOf(data: DataFolder, segments: readonly Segment[]): readonly Segment[] {
  const first = Number(BigInt.asIntN(32, data.inode));
  return segments.filter(
    ({ key, creator, changedAt }) =>
      key >= first && key < first + MOST_KEYS && creator === data.uid && changedAt >= data.madeAt,
  );
}

/** A line a segment after the heading; no segments on a system without that file. */
export function parseSegments(text: string): readonly Segment[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length >= 14)
    .map(([key, id, , , , , attached, , , creator, , , , changedAt]) => ({
      key: Number(key),
      id: id as string,
      attached: Number(attached),
      creator: Number(creator),
      changedAt: Number(changedAt),
    }));
}

function readSegments(): readonly Segment[] {
  try {
    return parseSegments(readFileSync(SEGMENTS, 'utf8'));
  } catch {
    return [];
  }
}

function lookAt(path: string): DataFolder | null {
  try {
    const found = lstatSync(path, { bigint: true });
    if (!found.isDirectory()) return null;
    // 0 where its file system does not know when it was made.
    return { uid: Number(found.uid), madeAt: Number(found.birthtimeMs / 1_000n), inode: found.ino };
  } catch {
    return null;
  }
}
