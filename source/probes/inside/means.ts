import { insideNetwork } from '../../linux/namespace/inside-network.js';
import { type Libc, loadLibc } from '../../linux/namespace/libc.js';
import { NamespaceError } from '../../linux/namespace/namespace-error.js';
import { readText } from '../../linux/read-text.js';
import type { InsideMeans, InsideSource } from './sample.js';

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

const NOT_RUNNING: InsideMeans = {
  by: 'none',
  reason: 'it has no process that is seen from this host',
  mend: null,
};

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
