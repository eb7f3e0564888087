/**
 * The keeper: outlives the console by a moment. It holds the far end of a pipe from the console; the kernel closes
 * that pipe however the console ended, SIGKILL included, and then this process ends the lab and itself. Signals that
 * end a whole terminal session are not for it.
 */
import { readManifest } from './manifest.js';
import { settle } from './settle.js';

const path = process.argv[2];
process.title = 'faultline-keeper';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

async function finish(): Promise<void> {
  try {
    const manifest = path === undefined ? null : readManifest(path);
    if (path !== undefined && manifest !== null) await settle(path, manifest);
  } catch {
    // Nobody hears it here: `faultline undo` says why the manifest is not used.
  }
  process.exit(0);
}

process.stdin.on('end', finish);
process.stdin.on('error', finish);
process.stdin.resume();
