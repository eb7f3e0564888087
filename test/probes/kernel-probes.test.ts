import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { describeCapabilities } from '../../source/probes/capabilities.js';
import { createConntrackProbe } from '../../source/probes/conntrack/conntrack-probe.js';
import { createKernelProbe } from '../../source/probes/kernel/kernel-probe.js';
import { fixture } from '../linux/fixture.js';
import { runProbe } from './run-probe.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-kernel-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

describe('kernel counters', () => {
  it.runIf(process.platform === 'linux')('move when connections are made', async () => {
    const probe = createKernelProbe();
    const before = await runProbe(probe);
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (let i = 0; i < 5; i++) await once(connect(port, '127.0.0.1').resume(), 'close');
    server.close();
    const after = await runProbe(probe);
    for (const name of ['Tcp.PassiveOpens', 'Tcp.ActiveOpens'] as const)
      expect(Number(after.counters[name]) - Number(before.counters[name])).toBeGreaterThanOrEqual(5);
  });

  it('that a kernel does not have are null, not zero', async () => {
    const netFolder = folderOf({ snmp: fixture('snmp.txt'), netstat: 'TcpExt: ListenDrops\nTcpExt: 7\n' });
    const { counters } = await runProbe(createKernelProbe({ netFolder }));
    expect(counters['TcpExt.ListenDrops']).toBe(7);
    expect(counters['TcpExt.SyncookiesSent']).toBeNull();
    expect(counters['Tcp.InSegs']).toBeGreaterThan(0);
  });

  it('are not supported where there is no /proc/net', async () => {
    const probe = createKernelProbe({ netFolder: '/nowhere' });
    await expect(runProbe(probe)).rejects.toMatchObject({ kind: 'not-supported' });
  });
});

describe.runIf(process.platform === 'linux')('conntrack', () => {
  const files = {
    nf_conntrack_count: '261000\n',
    nf_conntrack_max: '262144\n',
    nf_conntrack_tcp_timeout_time_wait: '120\n',
  };

  it('gives fill, losses and timeouts', async () => {
    const sysctlFolder = folderOf(files);
    const statPath = join(
      folderOf({ stat: 'entries drop early_drop insert_failed\nff 0a 1 2\nff 01 0 0\n' }),
      'stat',
    );
    expect(await runProbe(createConntrackProbe({ sysctlFolder, statPath }))).toEqual({
      count: 261_000,
      max: 262_144,
      fill: 261_000 / 262_144,
      drop: 11,
      earlyDrop: 1,
      insertFailed: 2,
      timeouts: { tcp_timeout_time_wait: 120 },
    });
    const blind = await runProbe(createConntrackProbe({ sysctlFolder, statPath: '/nowhere' }));
    expect(blind).toMatchObject({ count: 261_000, drop: null, earlyDrop: null, insertFailed: null });
  });

  it.each([
    ['0\n', null],
    ['0', null],
    ['262144', 261_000 / 262_144],
  ])('with a maximum of %j has the fill %s: 0 is no limit', async (nf_conntrack_max, fill) => {
    const sysctlFolder = folderOf({ ...files, nf_conntrack_max });
    expect((await runProbe(createConntrackProbe({ sysctlFolder }))).fill).toBe(fill);
  });

  it.each(['', '\n', '-1', 'max'])(
    'with a maximum of %j is not read as one without a limit',
    async (text) => {
      const sysctlFolder = folderOf({ ...files, nf_conntrack_max: text });
      await expect(runProbe(createConntrackProbe({ sysctlFolder }))).rejects.toMatchObject({
        kind: 'failed',
      });
    },
  );

  it('tells "not loaded" from "not readable", each with what mends it', async () => {
    const unloaded = createConntrackProbe({ sysctlFolder: '/nowhere' });
    await expect(runProbe(unloaded)).rejects.toMatchObject({
      kind: 'not-loaded',
      mend: expect.stringContaining('modprobe'),
    });
    const sysctlFolder = folderOf({});
    mkdirSync(join(sysctlFolder, 'nf_conntrack_count'));
    const unreadable = createConntrackProbe({ sysctlFolder });
    await expect(runProbe(unreadable)).rejects.toMatchObject({
      kind: 'not-readable',
      mend: expect.stringMatching(/root|sudo/),
    });
  });

  it.runIf(process.getuid?.() === 0)('is not readable for a user who has no right', async () => {
    const sysctlFolder = folderOf(files);
    try {
      // The folder is its owner's alone; mkdtemp makes it so.
      process.seteuid?.(65_534);
      await expect(runProbe(createConntrackProbe({ sysctlFolder }))).rejects.toMatchObject({
        kind: 'not-readable',
      });
    } finally {
      process.seteuid?.(0);
    }
  });

  it('is not supported on another system', async () => {
    await expect(runProbe(createConntrackProbe({ platform: 'darwin' }))).rejects.toMatchObject({
      kind: 'not-supported',
    });
  });
});

it('every capability that is wanting says why', async () => {
  const capabilities = await describeCapabilities();
  const ids = capabilities.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).toEqual(expect.arrayContaining(['netlink', 'conntrack', 'resolver', 'processes']));
  for (const { state, reason, means } of capabilities) {
    expect(means).not.toBe('');
    expect(reason === null).toBe(state === 'yes');
  }
});
