// What a run of the tests left on this machine. Tests get a temporary folder and a state folder of their own, by which
// their leavings are told from those of anybody else's console.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Processes whose environment names the folder: ours, and nobody else's. */
function processesOf(folder) {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .flatMap((pid) => {
        try {
          if (!readFileSync(join('/proc', pid, 'environ'), 'latin1').includes(folder)) return [];
          const line = readFileSync(join('/proc', pid, 'cmdline'), 'latin1').replaceAll('\0', ' ');
          return [`process ${pid}: ${line.slice(0, 160)}`];
        } catch {
          return [];
        }
      });
  } catch {
    return [];
  }
}

/** System V segments that no process is attached to, as a PostgreSQL ended by SIGKILL leaves one. */
export function orphanedSegments() {
  const { stdout } = spawnSync('ipcs', ['-m'], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.startsWith('0x') && line.trim().split(/\s+/)[5] === '0')
    .map((line) => `shared memory ${line.trim()}`);
}

function look({ scratch, tmp, state, segments }) {
  const files = (folder) => {
    try {
      return readdirSync(folder).map((name) => join(folder, name));
    } catch {
      return [];
    }
  };
  return [
    ...files(tmp),
    ...files(join(state, 'labs')),
    ...files(join(state, 'journal')),
    ...processesOf(scratch),
    ...orphanedSegments().filter((line) => !segments.includes(line)),
  ];
}

/** What is left, one line each; what is just ending gets five seconds for it. */
export async function leftBehind(places) {
  for (let i = 0; i < 25 && look(places).length > 0; i++) await new Promise((done) => setTimeout(done, 200));
  return look(places);
}
