import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ProcessOwners } from '../../../source/probes/edges/process-owners.js';
import { ownInodes } from '../../../source/probes/sockets/owners.js';

it('names the process that holds a socket, and looks again only where one is not known', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const [inode] = [...ownInodes()].slice(-1) as [number];
    const owners = new ProcessOwners();
    expect(owners.of(inode)).toBeUndefined();
    owners.refresh(0);
    expect(owners.of(inode)?.process).toMatch(/\S/);
    expect(owners.of(0)).toBeUndefined();
  } finally {
    server.close();
  }
});

it('asks nobody for what is not wanted, and waits before it looks again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'owners-'));
  try {
    const pid = String(process.pid);
    mkdirSync(join(folder, pid, 'fd'), { recursive: true });
    writeFileSync(join(folder, pid, 'comm'), 'web\n');
    writeFileSync(join(folder, pid, 'cgroup'), '1:name=systemd:/system.slice/web.service\n');
    symlinkSync('socket:[7]', join(folder, pid, 'fd', '3'));
    const owners = new ProcessOwners(folder);
    owners.refresh(0);
    expect(owners.of(7)).toEqual({ pid: process.pid, process: 'web', unit: 'web.service' });
    symlinkSync('socket:[8]', join(folder, pid, 'fd', '4'));
    expect(owners.of(8)).toBeUndefined();
    owners.refresh(5_000);
    expect(owners.of(8)).toBeUndefined();
    owners.refresh(11_000);
    expect(owners.of(8)?.process).toBe('web');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
