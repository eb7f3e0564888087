import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Listener } from '../../../source/probes/sockets/census.js';
import { UnitListeners } from '../../../source/probes/sockets/unit-listeners.js';

let proc = '';
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'unit-listeners-'));
});
afterEach(() => rmSync(proc, { recursive: true, force: true }));

function process(pid: number, command: string, cgroup: string): void {
  mkdirSync(join(proc, `${pid}`));
  writeFileSync(join(proc, `${pid}`, 'cmdline'), command);
  writeFileSync(join(proc, `${pid}`, 'cgroup'), cgroup);
}
const cgroups = { of: (id: number | null) => (id === 109 ? 'ssh.socket' : undefined) };
const listener = (port: number, inode: number): Listener => ({
  ...{ address: '0.0.0.0', port, queued: 0, backlog: 128, inode, cgroupId: inode },
});

it('knows listeners by their service, and those that went', () => {
  process(7, 'nginx: master process', '0::/system.slice/nginx.service\n');
  process(8, 'python3\0/home/me/a.py', '0::/user.slice/user-0.slice/session-1.scope\n');
  const holders = new Map([
    [100, 7],
    [101, 8],
  ]);
  const book = new UnitListeners(cgroups, proc);
  const take = (now: number, ...all: Listener[]) => book.take(all, (inode) => holders.get(inode), now);
  expect([...take(1_000, listener(80, 100), listener(81, 101), listener(82, 102))]).toEqual([
    [100, { unit: 'nginx.service', holder: { pid: 7, name: 'nginx', unit: 'nginx.service' } }],
  ]);
  expect(book.gone()).toEqual([]);
  take(2_000);
  take(3_000);
  expect(book.gone()).toEqual([{ unit: 'nginx.service', port: 80, at: 2_000 }]);
  // Somebody else's is as good: the port is served.
  take(4_000, listener(80, 101));
  expect(book.gone()).toEqual([]);
});

it('forgets a listener an hour after it went', () => {
  process(7, 'nginx', '0::/system.slice/nginx.service\n');
  const book = new UnitListeners(cgroups, proc);
  book.take([listener(80, 100)], () => 7, 0);
  book.take([], () => undefined, 1_000);
  book.take([], () => undefined, 3_601_000);
  expect(book.gone()).toHaveLength(1);
  book.take([], () => undefined, 3_602_000);
  expect(book.gone()).toEqual([]);
});

it('knows a listener by the unit it was made in where systemd holds it, or its process was not found', () => {
  process(1, '/sbin/init', '0::/init.scope\n');
  process(9, 'sshd', '0::/system.slice/ssh.service\n');
  const book = new UnitListeners(cgroups, proc);
  const take = (pid: number | undefined) => [...book.take([listener(22, 109)], () => pid, 0).values()];
  expect(take(1)).toEqual([{ unit: 'ssh.socket' }]);
  expect(take(undefined)).toEqual([{ unit: 'ssh.socket' }]);
  expect(take(9)).toEqual([{ unit: 'ssh.service', holder: { pid: 9, name: 'sshd', unit: 'ssh.service' } }]);
});
