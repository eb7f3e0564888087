import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ProcessIdentity } from '../../linux/process/identity.js';
import type { Ending } from './end-processes.js';
import { StateRefused, stateFolder } from './state-directory.js';
import { readStateFile } from './state-file.js';

/** Every temporary directory of a lab starts so; nothing else is ever removed on a manifest's word. */
export const TEMP_PREFIX = 'faultline-lab-';

/** What a lab would leave behind if its console died this moment. */
export interface Manifest {
  readonly id: string;
  readonly owner: ProcessIdentity;
  readonly tempDir: string;
  readonly processes: readonly (Ending & { readonly name: string })[];
}

const STOP_SIGNALS: readonly unknown[] = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGKILL'];

export function manifestPath(id: string): string {
  return join(stateFolder('labs'), `${id}.json`);
}

/** Replaces the manifest in one step, so that a reader never sees half of it. Throws when it cannot be written. */
export function writeManifest(path: string, manifest: Manifest): void {
  writeFileSync(`${path}.new`, JSON.stringify(manifest), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The manifest, or null when there is none. Throws StateRefused for a file that is none, or not to be trusted. */
export function readManifest(path: string): Manifest | null {
  try {
    const found: unknown = JSON.parse(readStateFile(path));
    if (isManifest(found) && basename(path) === `${found.id}.json`) return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (error instanceof StateRefused) throw error;
  }
  throw new StateRefused(
    `${path} is no manifest of a lab: nothing in it is used. Look at it, then rm ${path}`,
  );
}

/** Checked by hand: the keeper reads it, and is to be a small process. */
function isManifest(found: unknown): found is Manifest {
  const { id, owner, tempDir, processes } = (found ?? {}) as { [name in keyof Manifest]?: unknown };
  return (
    typeof id === 'string' &&
    /^[0-9a-z]{1,32}$/.test(id) &&
    isIdentity(owner) &&
    typeof tempDir === 'string' &&
    resolve(tempDir) === tempDir &&
    basename(tempDir) === `${TEMP_PREFIX}${id}` &&
    Array.isArray(processes) &&
    processes.every(
      (one) => isIdentity(one) && typeof one.name === 'string' && STOP_SIGNALS.includes(one.stopSignal),
    )
  );
}

function isIdentity(found: unknown): found is Manifest['processes'][number] {
  const { pid, startTime } = (found ?? {}) as { pid?: unknown; startTime?: unknown };
  return Number.isSafeInteger(pid) && (pid as number) > 0 && typeof startTime === 'string';
}

export function removeManifest(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.new`, { force: true });
}

/** Manifests of all labs of this user, those of live consoles included, and files that are not used as one, and why. */
export function listManifests(): {
  readonly manifests: readonly { readonly path: string; readonly manifest: Manifest }[];
  readonly refused: readonly { readonly path: string; readonly why: string }[];
} {
  const folder = stateFolder('labs');
  const manifests: { path: string; manifest: Manifest }[] = [];
  const refused: { path: string; why: string }[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    try {
      const manifest = readManifest(path);
      if (manifest !== null) manifests.push({ path, manifest });
    } catch (error) {
      refused.push({ path, why: (error as Error).message });
    }
  }
  return { manifests, refused };
}
