import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { socketHolders } from '../../source/linux/process/socket-holders.js';

let proc = '';
afterEach(() => rmSync(proc, { recursive: true, force: true }));

function processes(
  all: Readonly<Record<number, { readonly command: string; readonly sockets: number[] }>>,
): void {
  proc = mkdtempSync(join(tmpdir(), 'holders-'));
  for (const [pid, { command, sockets }] of Object.entries(all)) {
    mkdirSync(join(proc, pid, 'fd'), { recursive: true });
    writeFileSync(join(proc, pid, 'cmdline'), command);
    writeFileSync(join(proc, pid, 'comm'), 'MainThread\n');
    for (const [fd, inode] of sockets.entries())
      symlinkSync(`socket:[${inode}]`, join(proc, pid, 'fd', `${fd}`));
  }
}

it('names a program, and the script where the program says nothing', () => {
  processes({
    7: { command: '/usr/bin/python3\0/srv/app.py\0--password=x', sockets: [100] },
    8: { command: 'nginx: master process /usr/sbin/nginx', sockets: [101] },
    9: { command: '', sockets: [102] },
    10: { command: '/usr/bin/python3\0-m\0http.server', sockets: [103] },
  });
  const found = socketHolders(new Set([100, 101, 102, 103, 999]), 1000, proc);
  expect([...found]).toEqual([
    [100, { pid: 7, name: 'python3 app.py' }],
    [101, { pid: 8, name: 'nginx' }],
    [102, { pid: 9, name: 'MainThread' }],
    [103, { pid: 10, name: 'python3' }],
  ]);
});

it('takes the lowest of several that share a socket, and looks at no more than it may', () => {
  processes({
    12: { command: 'worker', sockets: [100] },
    4: { command: 'server', sockets: [99, 98, 100] },
  });
  expect(socketHolders(new Set([100]), 1000, proc).get(100)).toEqual({ pid: 4, name: 'server' });
  expect(socketHolders(new Set([100]), 2, proc).size).toBe(0);
});
