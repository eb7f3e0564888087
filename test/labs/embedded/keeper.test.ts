import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Manifest } from '../../../source/engines/embedded/manifest.js';
import { undoAll } from '../../../source/faults/desk/undo.js';
import {
  descendantsOf,
  identityOf,
  isAlive,
  type ProcessIdentity,
  signalProcess,
} from '../../../source/linux/process/identity.js';
import { built } from '../../helpers/built.js';
import { eventually, until } from '../../helpers/until.js';
import { ownState, startBuiltLab, traces } from './helpers.js';

const state = ownState();
afterAll(() => state.remove());

const program = fileURLToPath(new URL('./programs/hold-lab.mjs', import.meta.url));
const start = new URL(
  `../../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/labs/embedded/start.js`,
  import.meta.url,
).href;

async function holdLab(freeze = '') {
  const owner = spawn(process.execPath, [program, start, freeze], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(owner.stdout, 'data');
  const [file] = readdirSync(join(state.path, 'labs'));
  const manifest = JSON.parse(readFileSync(join(state.path, 'labs', file as string), 'utf8')) as Manifest;
  const family = descendantsOf(owner.pid as number);
  const pidFile = readFileSync(join(manifest.tempDir, 'data', 'postmaster.pid'), 'utf8');
  const lab = {
    tempDir: manifest.tempDir,
    state: state.path,
    segment: pidFile.split('\n')[6]?.trim().split(/\s+/)[1],
  };
  const keeper = family.find(({ pid }) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('faultline-keeper'),
  );
  return { owner, manifest, family, keeper, lab };
}

test.each([[''], ['postgres'], ['todo-app']])(
  'nothing outlives a killed console (frozen: %j)',
  async (freeze) => {
    const { owner, family, lab } = await holdLab(freeze);
    expect(family.length).toBeGreaterThan(5);
    expect(traces(lab)).toHaveLength(3);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(await eventually(() => !family.some(isAlive) && traces(lab).length === 0)).toBe(true);
  },
);

test('when the keeper was killed too, the next start ends what was left', async () => {
  const { owner, family, keeper, lab } = await holdLab('todo-app');
  process.kill(keeper?.pid as number, 'SIGKILL');
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  expect(traces(lab)).not.toEqual([]);
  const { reapDeadLabs } = await built<typeof import('../../../source/engines/embedded/settle.js')>(
    'source/engines/embedded/settle.js',
  );
  expect(await reapDeadLabs()).toMatchObject([{ left: [] }]);
  expect(family.filter(isAlive)).toEqual([]);
  expect(traces(lab)).toEqual([]);
  expect(await undoAll()).toEqual([]);
});

/** Lines of /proc/sysvipc/shm whose key is the inode of a cluster's folder. */
function segmentsOf(tempDir: string): readonly string[] {
  const found = lstatSync(join(tempDir, 'data'), { throwIfNoEntry: false });
  const lines = readFileSync('/proc/sysvipc/shm', 'utf8').split('\n');
  return lines.filter((line) => found !== undefined && line.trim().startsWith(`${found.ino | 0} `));
}

test('initdb is killed with its console: its shared memory is found by its folder and removed', async () => {
  const owner = spawn(process.execPath, [program, start, ''], { stdio: ['ignore', 'ignore', 'inherit'] });
  const manifests = (): Manifest[] =>
    readdirSync(join(state.path, 'labs'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(state.path, 'labs', name), 'utf8')));
  const family = (): readonly ProcessIdentity[] => [
    identityOf(owner.pid as number),
    ...descendantsOf(owner.pid as number),
  ];
  const send = (signal: NodeJS.Signals): void => {
    for (const member of family()) signalProcess(member, signal);
  };
  // Parents are stopped first: none is born, and none ends, while it is looked at.
  const caught = await eventually(() => {
    send('SIGSTOP');
    const there = manifests().some(({ tempDir }) => segmentsOf(tempDir).length > 0);
    if (!there) send('SIGCONT');
    return there;
  });
  expect(caught).toBe(true);
  const [manifest] = manifests() as [Manifest];
  const objects = family().flatMap(({ pid }) => mapped(pid));
  expect(objects.filter((line) => line.includes('/dev/shm/PostgreSQL'))).toEqual([]);
  const all = family();
  for (const member of all) signalProcess(member, 'SIGKILL');
  expect(await eventually(() => !all.some(isAlive))).toBe(true);
  expect(segmentsOf(manifest.tempDir)).toHaveLength(1);
  const before = (segmentsOf(manifest.tempDir)[0] as string).slice(0, 21);
  const { reapDeadLabs } = await built<typeof import('../../../source/engines/embedded/settle.js')>(
    'source/engines/embedded/settle.js',
  );
  expect(await reapDeadLabs()).toMatchObject([{ left: [] }]);
  expect(readFileSync('/proc/sysvipc/shm', 'utf8')).not.toContain(before);
  expect(manifests()).toEqual([]);
});

test('a PostgreSQL that was killed leaves nothing when its lab ends', async () => {
  const lab = await startBuiltLab();
  const { pid } = lab.engine.list().find(({ name }) => name === 'postgres') as { pid: number };
  const [file] = readdirSync(join(state.path, 'labs'));
  const { tempDir } = JSON.parse(readFileSync(join(state.path, 'labs', file as string), 'utf8')) as Manifest;
  const family = [identityOf(pid), ...descendantsOf(pid)];
  const objects = family.flatMap((member) => mapped(member.pid));
  expect(objects.filter((line) => line.includes('/dev/shm/PostgreSQL'))).toEqual([]);
  for (const member of family) signalProcess(member, 'SIGKILL');
  expect(await eventually(() => !family.some(isAlive))).toBe(true);
  const [segment] = segmentsOf(tempDir) as [string];
  await lab.close();
  expect(readFileSync('/proc/sysvipc/shm', 'utf8')).not.toContain(segment.slice(0, 21));
});

/** Files that a process has mapped. */
function mapped(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  } catch {
    return [];
  }
}

test('a start that is aborted leaves nothing', async () => {
  const before = descendantsOf(process.pid).length;
  const abort = new AbortController();
  const starting = expect(startBuiltLab(abort.signal)).rejects.toThrow('changed my mind');
  await until('it has begun', () => descendantsOf(process.pid).length > before);
  abort.abort(new Error('changed my mind'));
  await starting;
  expect(readdirSync(join(state.path, 'labs'))).toEqual([]);
  expect(await eventually(() => descendantsOf(process.pid).length <= before)).toBe(true);
});
