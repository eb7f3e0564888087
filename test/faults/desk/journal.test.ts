import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestPath, writeManifest } from '../../../source/engines/embedded/manifest.js';
import { close, type NewEntry, openEntries, record } from '../../../source/faults/desk/journal.js';
import { undoAll } from '../../../source/faults/desk/undo.js';
import { identityOf, isStopped } from '../../../source/linux/process/identity.js';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'faultline-journal-'));
  process.env.FAULTLINE_STATE_DIR = state;
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

/** A lab in small, with one service that sleeps in its directory. */
function labProcess() {
  const tempDir = join(state, 'faultline-lab-a1');
  mkdirSync(tempDir);
  const target = spawn('sleep', ['30'], { cwd: tempDir });
  const service = { ...identityOf(target.pid as number), name: 'todo-app', stopSignal: 'SIGTERM' } as const;
  const owner = identityOf(process.pid);
  writeManifest(manifestPath('a1'), { id: 'a1', owner, tempDir, processes: [service] });
  return target;
}

function frozen(pid: number): NewEntry {
  const process = { ...identityOf(pid) };
  return {
    scenario: 'service-hung',
    substrate: 'embedded',
    target: { lab: 'a1', workload: 'todo-app', process },
    what: 'todo-app is frozen',
    undo: [{ kind: 'signal', process, signal: 'SIGCONT' }],
  };
}

test('an entry is kept until it is closed', () => {
  const { id } = record(frozen(process.pid));
  expect(openEntries().entries).toMatchObject([
    { id, what: 'todo-app is frozen', owner: { pid: process.pid } },
  ]);
  close(id);
  close(id);
  expect(openEntries().entries).toEqual([]);
});

/** Runs a few lines of the built program in a process of their own, as a console or `faultline undo` would. */
async function elsewhere(code: string): Promise<string> {
  const dist = fileURLToPath(
    new URL(`../../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/faults/desk`, import.meta.url),
  );
  const child = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { record } = await import('${dist}/journal.js'); const { undoAll } = await import('${dist}/undo.js'); ${code}`,
  ]);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.pipe(process.stderr);
  await once(child, 'close');
  return text;
}

test('a fault of a console that was killed is undone by another process', async () => {
  const target = labProcess();
  const pid = target.pid as number;
  try {
    await elsewhere(
      `record(${JSON.stringify(frozen(pid))}); process.kill(${pid}, 'SIGSTOP'); process.kill(process.pid, 'SIGKILL');`,
    );
    expect(isStopped(pid)).toBe(true);
    expect(openEntries().entries).toHaveLength(1);
    const done = JSON.parse(await elsewhere('console.log(JSON.stringify(await undoAll()))'));
    expect(done).toMatchObject([{ outcome: 'undone', scenario: 'service-hung' }]);
    expect(isStopped(pid)).toBe(false);
    expect(openEntries().entries).toEqual([]);
  } finally {
    target.kill('SIGKILL');
    await once(target, 'exit');
  }
});

test('a target that is gone is crossed out, and a used-again pid is left alone', async () => {
  const target = spawn('sleep', ['30']);
  const entry = frozen(target.pid as number);
  record(entry);
  const other = {
    ...entry.undo[0],
    process: { pid: process.pid, startTime: '1@elsewhere' },
    signal: 'SIGCONT',
  } as const;
  record({ ...entry, undo: [other as NewEntry['undo'][number]] });
  record({ ...entry, undo: [{ kind: 'lab', lab: 'a1' }] });
  target.kill('SIGKILL');
  await once(target, 'exit');
  const done = await undoAll();
  expect(done.map(({ outcome }) => outcome)).toEqual(['target gone', 'target gone', 'target gone']);
  expect(readdirSync(join(state, 'journal'))).toEqual([]);
});

test('what is no entry is named and left; half-written ones were never causes', async () => {
  const target = labProcess();
  record(frozen(target.pid as number));
  const folder = join(state, 'journal');
  writeFileSync(join(folder, 'x.json'), '{"id":"../../etc","undo":[{"kind":"signal"}]}');
  writeFileSync(join(folder, 'y.json.new'), '{"id":');
  const done = await undoAll();
  expect(done.map(({ outcome }) => outcome)).toEqual(['undone', 'left']);
  expect(done[1]?.what).toBe(join(folder, 'x.json'));
  target.kill('SIGKILL');
  await once(target, 'exit');
});
