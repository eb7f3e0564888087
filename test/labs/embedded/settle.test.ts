import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listManifests, manifestPath, writeManifest } from '../../../source/engines/embedded/manifest.js';
import { reapDeadLabs } from '../../../source/engines/embedded/settle.js';
import { record } from '../../../source/faults/desk/journal.js';
import { undoAll } from '../../../source/faults/desk/undo.js';
import { identityOf, isAlive, isStopped } from '../../../source/linux/process/identity.js';
import { eventually } from '../../helpers/until.js';

const isRoot = process.geteuid?.() === 0;
const dead = { pid: 7, startTime: '1@another boot' };
let state: string;
let tempDir: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'faultline-settle-'));
  process.env.FAULTLINE_STATE_DIR = state;
  tempDir = join(state, 'faultline-lab-zz');
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

function leave(pids: readonly number[] = [], owner = dead): void {
  const processes = pids.map((pid) => ({ ...identityOf(pid), name: 'x', stopSignal: 'SIGKILL' as const }));
  writeManifest(manifestPath('zz'), { id: 'zz', owner, tempDir, processes });
}

test("a process that is not the lab's is neither ended nor forgotten, whatever the manifest says", async () => {
  mkdirSync(tempDir);
  const [own, foreign] = [spawn('sleep', ['60'], { cwd: tempDir }), spawn('sleep', ['60'], { cwd: '/' })];
  try {
    leave([own.pid as number, foreign.pid as number]);
    expect(await reapDeadLabs()).toEqual([
      { id: 'zz', left: [expect.stringContaining(`process ${foreign.pid} does not stand in ${tempDir}`)] },
    ]);
    expect(isAlive(identityOf(foreign.pid as number))).toBe(true);
    expect(isAlive(identityOf(own.pid as number))).toBe(false);
    expect(listManifests().manifests).toHaveLength(1);
  } finally {
    foreign.kill('SIGKILL');
    await once(foreign, 'exit');
  }
  expect(await reapDeadLabs()).toEqual([{ id: 'zz', left: [] }]);
  expect(existsSync(tempDir)).toBe(false);
});

test.runIf(isRoot)("a directory of another user, or a link, is not removed as a lab's", async () => {
  mkdirSync(tempDir);
  writeFileSync(join(tempDir, 'precious'), '');
  chownSync(tempDir, 12_345, 12_345);
  leave();
  expect(await reapDeadLabs()).toMatchObject([{ left: [expect.stringContaining("another user's (12345)")] }]);
  expect(existsSync(join(tempDir, 'precious'))).toBe(true);
  rmSync(tempDir, { recursive: true });
  mkdirSync(join(state, 'home'));
  symlinkSync(join(state, 'home'), tempDir);
  expect(await reapDeadLabs()).toMatchObject([{ left: [expect.stringContaining('is no folder')] }]);
  expect(existsSync(join(state, 'home'))).toBe(true);
});

test('a planted postmaster.pid removes no segment', async () => {
  const id = /\d+/.exec(execFileSync('ipcmk', ['-M', '4096'], { encoding: 'utf8' }))?.[0] as string;
  try {
    mkdirSync(join(tempDir, 'data'), { recursive: true });
    writeFileSync(
      join(tempDir, 'data', 'postmaster.pid'),
      `1\n${tempDir}/data\n1\n5432\n\n\n  5432001 ${id}\nready\n`,
    );
    leave();
    expect(await reapDeadLabs()).toEqual([{ id: 'zz', left: [] }]);
    expect(execFileSync('ipcs', ['-m', '-i', id], { encoding: 'utf8' })).toContain(`shmid=${id}`);
  } finally {
    execFileSync('ipcrm', ['-m', id]);
  }
});

test('a manifest that is none is told by name, and so is a journal that others may write', async () => {
  mkdirSync(join(state, 'labs'), { mode: 0o700 });
  writeFileSync(join(state, 'labs', 'yy.json'), '{"id":"yy","tempDir":"/","processes":[]}', { mode: 0o600 });
  expect(await reapDeadLabs()).toEqual([
    { id: join(state, 'labs', 'yy.json'), left: [expect.stringContaining('is no manifest of a lab')] },
  ]);
  mkdirSync(join(state, 'journal'), { mode: 0o700 });
  const path = join(state, 'journal', 'x.json');
  writeFileSync(path, '{}', { mode: 0o600 });
  execFileSync('chmod', ['0666', path]);
  expect(await undoAll()).toEqual([
    {
      id: path,
      what: path,
      scenario: 'unknown',
      outcome: 'left',
      detail: expect.stringContaining('mode 0666'),
    },
  ]);
});

test('only a process of a lab that is there is thawed', async () => {
  mkdirSync(tempDir);
  const [own, foreign] = [spawn('sleep', ['60'], { cwd: tempDir }), spawn('sleep', ['60'], { cwd: tempDir })];
  const ended = [own, foreign].map((child) => once(child, 'exit'));
  try {
    leave([own.pid as number], identityOf(process.pid) as typeof dead);
    for (const { pid } of [own, foreign]) {
      process.kill(pid as number, 'SIGSTOP');
      const stopped = { ...identityOf(pid as number) };
      record({
        scenario: 'service-hung',
        substrate: 'embedded',
        target: { lab: 'zz', workload: 'x', process: stopped },
        what: 'x is frozen',
        undo: [{ kind: 'signal', process: stopped, signal: 'SIGCONT' }],
      });
    }
    expect(await eventually(() => [own, foreign].every(({ pid }) => isStopped(pid as number)))).toBe(true);
    const done = await undoAll();
    expect(done.map(({ outcome }) => outcome).sort()).toEqual(['left', 'undone']);
    expect(done.find(({ outcome }) => outcome === 'left')?.detail).toContain(
      `refused: process ${foreign.pid} is none of lab zz's`,
    );
    expect([own, foreign].map(({ pid }) => isStopped(pid as number))).toEqual([false, true]);
    expect(await undoAll()).toHaveLength(1);
  } finally {
    for (const child of [own, foreign]) child.kill('SIGKILL');
    await Promise.all(ended);
  }
});
