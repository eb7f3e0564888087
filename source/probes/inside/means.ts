import { insideNetwork } from '../../linux/namespace/inside-network.js';
import { type Libc, loadLibc } from '../../linux/namespace/libc.js';
import { NamespaceError } from '../../linux/namespace/namespace-error.js';
import { readText } from '../../linux/read-text.js';

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

/** A way in that was tried and works. */
export interface WayIn {
  readonly means: InsideMeans;
  /** There when `by` is `setns`: what it takes to enter. */
  readonly entry: Libc | undefined;
  /** The process has ended, or was never one of this host. */
  readonly gone: boolean;
  /** There when libc's calls can be made at all: what it takes to read files as the process sees them. */
  readonly libc: Libc | undefined;
}

const NOT_RUNNING: InsideMeans = { by: 'none', reason: 'it does not run on this host', mend: null };

/** Tries the means in order, each for real (0.1 ms). Whatever stands in the way is told in `means`, not thrown. */
export async function findWayIn({ pid }: InsideSource, load: () => Promise<Libc> = loadLibc): Promise<WayIn> {
  if (pid === null) return { means: NOT_RUNNING, entry: undefined, gone: true, libc: undefined };
  let why: NamespaceError;
  let libc: Libc | undefined;
  try {
    libc = await load();
    insideNetwork(libc, pid, () => undefined);
    return { means: { by: 'setns', reason: null, mend: null }, entry: libc, gone: false, libc };
  } catch (error) {
    if (!(error instanceof NamespaceError)) throw error;
    why = error;
  }
  const gone = why.failure === 'gone';
  const by = !gone && canRead(`/proc/${pid}/net/snmp`) ? '/proc/<pid>/net' : 'none';
  return { means: { by, reason: why.message, mend: why.mend ?? null }, entry: undefined, gone, libc };
}

function canRead(path: string): boolean {
  try {
    return readText(path) !== '';
  } catch {
    return false;
  }
}
