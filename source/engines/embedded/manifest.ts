import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProcessIdentity } from '../../linux/process/identity.js';
import type { Ending } from './end-processes.js';
import { stateFolder } from './state-directory.js';

/** Every temporary directory of a lab starts so; nothing else is ever removed on a manifest's word. */
export const TEMP_PREFIX = 'faultline-lab-';

/** What a lab would leave behind if its console died this moment. */
export interface Manifest {
  readonly id: string;
  readonly owner: ProcessIdentity;
  readonly tempDir: string;
  readonly processes: readonly (Ending & { readonly name: string })[];
}

export function manifestPath(id: string): string {
  return join(stateFolder('labs'), `${id}.json`);
}

/** Replaces the manifest in one step, so that a reader never sees half of it. Throws when it cannot be written. */
export function writeManifest(path: string, manifest: Manifest): void {
  writeFileSync(`${path}.new`, JSON.stringify(manifest), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The manifest, or null when there is none or it is not one. */
export function readManifest(path: string): Manifest | null {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    const sound =
      typeof found.owner?.pid === 'number' &&
      Array.isArray(found.processes) &&
      basename(found.tempDir) === `${TEMP_PREFIX}${found.id}`;
    return sound ? found : null;
  } catch {
    return null;
  }
}

export function removeManifest(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.new`, { force: true });
}

/** Manifests of all labs of this user, those of live consoles included. */
export function listManifests(): readonly { readonly path: string; readonly manifest: Manifest }[] {
  const folder = stateFolder('labs');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
    .flatMap((path) => {
      const manifest = readManifest(path);
      return manifest === null ? [] : [{ path, manifest }];
    });
}
