import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { isAlive, type ProcessIdentity } from '../../linux/process/identity.js';
import { endProcesses } from './end-processes.js';
import { listManifests, type Manifest, removeManifest } from './manifest.js';

/** Time for services to end in good order; PostgreSQL needs 0.1 to 0.3 s for a fast shutdown without fsync (measured). */
const GRACE_MS = 3_000;

export interface Settled {
  readonly id: string;
  /** Processes that could not be ended; empty is the good case. */
  readonly left: readonly ProcessIdentity[];
}

/**
 * Ends all of a lab and removes what it kept on this machine: processes, shared memory, temporary directory, and at
 * last the manifest itself. Stands on the manifest only, so any process can do it; doing it twice does no harm. When
 * something could not be ended the manifest stays, and the next start tries again.
 */
export async function settle(path: string, manifest: Manifest): Promise<Settled> {
  const left = await endProcesses(manifest.processes, GRACE_MS);
  if (left.length > 0) return { id: manifest.id, left };
  await releaseSharedMemory(join(manifest.tempDir, 'data'));
  await rm(manifest.tempDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  removeManifest(path);
  return { id: manifest.id, left };
}

/** Settles every lab whose console is no longer alive. Called before a lab starts and by `faultline undo`. */
export async function reapDeadLabs(): Promise<readonly Settled[]> {
  const dead = listManifests().filter(({ manifest }) => !isAlive(manifest.owner));
  return Promise.all(dead.map(({ path, manifest }) => settle(path, manifest)));
}

/**
 * A PostgreSQL that was killed with SIGKILL leaves its System V segment, which only its next start on the same data
 * directory would take away; there is none. Line 7 of postmaster.pid holds the segment's key and id (PostgreSQL
 * source, src/include/utils/pidfile.h). After an orderly stop the file is gone and there is nothing to do.
 */
async function releaseSharedMemory(dataDir: string): Promise<void> {
  let line: string | undefined;
  try {
    line = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[6];
  } catch {
    return;
  }
  const id = line?.trim().split(/\s+/)[1];
  if (id !== undefined && /^\d+$/.test(id)) {
    await execa('ipcrm', ['-m', id], { reject: false, timeout: 2_000 });
  }
}
