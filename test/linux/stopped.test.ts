import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { StopReader } from '../../source/linux/process/stopped.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Given {
  readonly state: string;
  readonly cgroup?: string;
}

/** A /proc of these processes, with a version 1 freezer and a version 2 hierarchy below it. */
function proc(processes: Readonly<Record<number, Given>>, frozen: Readonly<Record<string, string>> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'faultline-stopped-'));
  folders.push(root);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write(
    'self/mountinfo',
    `1 2 0:3 / ${root}/v1 rw - cgroup none rw,freezer\n1 2 0:4 / ${root}/v2 rw - cgroup2 none rw\n`,
  );
  for (const [pid, { state, cgroup = '0::/' }] of Object.entries(processes)) {
    write(`${pid}/stat`, `${pid} (a) b) ${state} 1 ${'0 '.repeat(60)}\n`);
    write(`${pid}/cgroup`, `${cgroup}\n`);
  }
  for (const [path, text] of Object.entries(frozen)) write(path, text);
  return new StopReader(root);
}

it('a process is stopped by a signal; one that is traced, ended or gone is not', () => {
  const reader = proc({ 1: { state: 'T' }, 2: { state: 't' }, 3: { state: 'Z' }, 4: { state: 'S' } });
  expect([1, 2, 3, 4, 5].map((pid) => reader.of(pid))).toEqual(['signal', null, undefined, null, undefined]);
});

it('or by the freezer of its cgroup, of either version, while its own state tells nothing', () => {
  const frozen = {
    'v1/docker/a/freezer.state': 'FROZEN\n',
    'v2/unit/cgroup.events': 'populated 1\nfrozen 1\n',
  };
  const thawed = {
    'v1/docker/b/freezer.state': 'THAWED\n',
    'v2/other/cgroup.events': 'populated 1\nfrozen 0\n',
  };
  const reader = proc(
    {
      1: { state: 'D', cgroup: '9:freezer:/docker/a\n0::/x' },
      2: { state: 'S', cgroup: '0::/unit' },
      3: { state: 'D', cgroup: '9:freezer:/docker/b' },
      4: { state: 'S', cgroup: '0::/other' },
      5: { state: 'S', cgroup: '0::/../../unit' },
    },
    { ...frozen, ...thawed },
  );
  expect([1, 2, 3, 4, 5].map((pid) => reader.of(pid))).toEqual(['freezer', 'freezer', null, null, null]);
});

it('a program is stopped when all that work in it are: its supervisor may run', () => {
  const reader = proc({ 1: { state: 'S' }, 2: { state: 'T' }, 3: { state: 'T' }, 4: { state: 'Z' } });
  expect(reader.ofAll([1, 2, 3, 4], new Set([1]))).toEqual({ by: 'signal', processes: 2, pids: [2, 3] });
  expect(reader.ofAll([1, 2], new Set())).toBeUndefined();
  expect(reader.ofAll([1], new Set())).toBeUndefined();
  expect(reader.ofAll([4, 9], new Set())).toBeUndefined();
});
