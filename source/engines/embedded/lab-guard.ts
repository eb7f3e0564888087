import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { identityOf } from '../../linux/process/identity.js';
import type { Ending } from './end-processes.js';
import { type Manifest, manifestPath, readManifest, TEMP_PREFIX, writeManifest } from './manifest.js';
import { settle } from './settle.js';

const KEEPER_EXIT_MS = 2_000;

/** Sees to it that nothing of a lab survives the console, whatever ends the console. */
export interface LabGuard {
  readonly id: string;
  readonly tempDir: string;
  /** Notes a process the moment it was spawned; the returned function forgets it once it has ended. */
  track(name: string, pid: number, stopSignal: NodeJS.Signals): () => void;
  /** Ends what is still tracked, removes temporary directory and manifest, and lets the keeper go. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Writes the manifest and starts the keeper. `parent` is where the temporary directory will be; it is named in the
 * manifest before it is made, so there is no moment at which it could be left behind. The caller makes it.
 * Throws when the state directory cannot be written.
 */
export function openGuard(id: string, parent: string): LabGuard {
  const path = manifestPath(id);
  // By its real name: by that the kernel says which processes stand in it.
  const tempDir = join(realpathSync(parent), `${TEMP_PREFIX}${id}`);
  const tracked = new Map<number, Ending & { name: string }>();
  const base = { id, owner: identityOf(process.pid), tempDir };
  const note = (): void => writeManifest(path, { ...base, processes: [...tracked.values()] });
  note();
  const keeper = startKeeper(path);
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    const manifest: Manifest | null = readManifest(path);
    if (manifest !== null) {
      const { left } = await settle(path, manifest);
      if (left.length > 0) throw new Error(`the lab could not be ended: ${left.join('; ')}`);
    }
    await endKeeper(keeper);
  };
  return {
    id,
    tempDir,
    track(name, pid, stopSignal) {
      tracked.set(pid, { ...identityOf(pid), name, stopSignal });
      note();
      return () => {
        if (tracked.delete(pid) && closing === undefined) note();
      };
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** Detached: a Ctrl-C or a hang-up meant for the console's process group does not reach it. */
function startKeeper(path: string): ChildProcess {
  const script = fileURLToPath(new URL('./keeper.js', import.meta.url));
  const keeper = spawn(process.execPath, [script, path], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  keeper.on('error', () => {});
  keeper.stdin?.on('error', () => {});
  keeper.unref();
  (keeper.stdin as unknown as { unref?: () => void })?.unref?.();
  return keeper;
}

async function endKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null || keeper.pid === undefined) return;
  keeper.ref();
  const exit = once(keeper, 'exit');
  keeper.stdin?.end();
  const waiting = new AbortController();
  await Promise.race([exit, sleep(KEEPER_EXIT_MS, undefined, { signal: waiting.signal }).catch(() => {})]);
  waiting.abort();
  if (keeper.exitCode === null && keeper.signalCode === null) keeper.kill('SIGKILL');
}
