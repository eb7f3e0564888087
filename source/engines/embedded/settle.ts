import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../../linux/process/identity.js';
import { endProcesses } from './end-processes.js';
import { listManifests, type Manifest, removeManifest } from './manifest.js';
import { isOfLab } from './own-process.js';
import { releaseSharedMemory } from './shared-memory.js';

/** Time for services to end in good order; PostgreSQL needs 0.1 to 0.3 s for a fast shutdown without fsync (measured). */
const GRACE_MS = 3_000;

export interface Settled {
  readonly id: string;
  /** What could not be ended or removed, one line each; empty is the good case. */
  readonly left: readonly string[];
}

/**
 * Ends all of a lab and removes what it kept on this machine: processes, shared memory, temporary directory, and at
 * last the manifest itself. Stands on the manifest, so any process can do it, and takes nothing of it on trust: a
 * process has to be the lab's by the kernel's word, the directory this user's. Doing it twice does no harm. When
 * something could not be ended the manifest stays, and the next start tries again.
 */
export async function settle(path: string, manifest: Manifest): Promise<Settled> {
  const { id, tempDir } = manifest;
  const strange = whyNotOurs(tempDir);
  if (strange !== null) return { id, left: [strange] };
  const living = manifest.processes.filter(isAlive);
  const foreign = living.filter((one) => !isOfLab(one, manifest) && isAlive(one));
  const notEnded = await endProcesses(
    living.filter((one) => !foreign.includes(one)),
    GRACE_MS,
  );
  const left = [
    ...foreign.map(
      ({ pid }) => `process ${pid} does not stand in ${tempDir}: it is not ended as one of the lab`,
    ),
    ...notEnded.map(({ pid }) => `process ${pid} could not be ended`),
  ];
  if (left.length > 0) return { id, left };
  const segments = await releaseSharedMemory(join(tempDir, 'data'));
  if (segments.length > 0) return { id, left: segments };
  await rm(tempDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  removeManifest(path);
  return { id, left: [] };
}

/** Settles every lab whose console is no longer alive. Called before a lab starts and by `faultline undo`. */
export async function reapDeadLabs(): Promise<readonly Settled[]> {
  const { manifests, refused } = listManifests();
  const dead = manifests.filter(({ manifest }) => !isAlive(manifest.owner));
  return [
    ...(await Promise.all(dead.map(({ path, manifest }) => settle(path, manifest)))),
    ...refused.map(({ path, why }) => ({ id: path, left: [why] })),
  ];
}

/** Why a directory is not removed as a lab's, or null when it is one of this user's, or is not there. */
function whyNotOurs(tempDir: string): string | null {
  try {
    const found = lstatSync(tempDir);
    const user = process.geteuid?.() ?? found.uid;
    if (!found.isDirectory()) return `${tempDir} is no folder: it is not removed`;
    return found.uid === user
      ? null
      : `${tempDir} is another user's (${found.uid}) than this one's (${user}): it is not removed`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? null : `${tempDir} cannot be looked at (${code})`;
  }
}
