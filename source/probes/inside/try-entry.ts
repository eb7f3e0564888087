import { closeSync, openSync, readdirSync } from 'node:fs';
import { tryNetworkOf } from '../../linux/namespace/inside-network.js';
import { type Libc, loadLibc } from '../../linux/namespace/libc.js';
import { explainEnter, NamespaceError } from '../../linux/namespace/namespace-error.js';
import { tryReadText } from '../../linux/read-text.js';
import { findWayIn } from './means.js';
import type { InsideMeans } from './sample.js';

/** Processes looked through for one in a container. */
const MOST_PROCESSES = 2_000;
const CLONE_NEWNET = 0x40000000;
/** Runtimes name a container's cgroup after its id (`/docker/<id>`, `docker-<id>.scope`). */
const CONTAINER = /[/-]([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:\/|$)/m;

export interface TriedEntry {
  /** What was tried: `container 0123456789ab`, or this process itself. */
  readonly on: string;
  readonly means: InsideMeans;
}

/**
 * Tries for real how a container's network can be looked into here: on one that runs, or else on this process's own
 * network, which takes the same right. Never rejects; takes some milliseconds.
 */
export async function tryEntry(): Promise<TriedEntry> {
  const found = findContainer();
  if (found) {
    const { means } = await findWayIn({ name: found.id, pid: found.pid });
    return { on: `container ${found.id}`, means };
  }
  try {
    enterOwn(await loadLibc());
    return { on: 'no container runs here, itself', means: { by: 'setns', reason: null, mend: null } };
  } catch (error) {
    if (!(error instanceof NamespaceError)) throw error;
    const { message, mend = null } = error;
    return { on: 'no container runs here, itself', means: { by: 'none', reason: message, mend } };
  }
}

/** A process of a container with a network of its own. */
function findContainer(): { readonly pid: number; readonly id: string } | undefined {
  const own = tryNetworkOf('thread-self');
  for (const name of tryList('/proc').slice(0, MOST_PROCESSES)) {
    if (!/^\d+$/.test(name)) continue;
    const id = CONTAINER.exec(tryReadText(`/proc/${name}/cgroup`) ?? '')?.[1];
    if (id === undefined) continue;
    const network = tryNetworkOf(Number(name));
    // One that may not be seen may well be another.
    if (network === undefined || network !== own) return { pid: Number(name), id };
  }
  return undefined;
}

/** Entering the network one is in changes nothing, and takes the right to enter. */
function enterOwn(libc: Libc): void {
  const fd = openSync('/proc/thread-self/ns/net', 'r');
  try {
    if (libc.setns(fd, CLONE_NEWNET) !== 0) throw explainEnter(process.pid, libc.errno());
  } finally {
    closeSync(fd);
  }
}

function tryList(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
