import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSettingsProbe } from '../../../source/probes/settings/settings-probe.js';
import { runProbe } from '../run-probe.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'faultline-settings-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

const process_ = (pid: number, limit: number | 'unlimited') => ({
  [`proc/${pid}/limits`]: `Limit   Soft Limit  Hard Limit  Units\nMax open files            ${limit}     4096      files\n`,
  [`proc/${pid}/cmdline`]: 'nginx\0-g\0',
});

const OPEN: Readonly<Record<number, number>> = { 10: 20, 11: 19, 12: 15, 13: 30 };

const probe = () =>
  createSettingsProbe({
    proc: join(root, 'proc'),
    sys: join(root, 'sys'),
    resolvConf: join(root, 'resolv.conf'),
    addresses: () => ({
      lo: [{ address: '127.0.0.1', internal: true, cidr: '127.0.0.1/8' }],
      eth0: [
        { address: '10.0.0.4', internal: false, cidr: '10.0.0.4/24' },
        { address: 'fe80::1', internal: false, cidr: 'fe80::1/64' },
      ],
      gone0: [{ address: '10.9.0.4', internal: false, cidr: '10.9.0.4/24' }],
    }),
    openFilesOf: (pid) => OPEN[pid] ?? null,
    natRules: async () => [{ source: '10.0.0.0/24' }],
    platform: 'linux',
  });

const ROUTES = [
  'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT',
  'wlan0\t00000000\t0100000A\t0003\t0\t0\t600\t00000000\t0\t0\t0',
  'eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0',
].join('\n');

describe('the settings of a host', () => {
  it('are its resolver, its interfaces, the way out and the time of keep-alives', async () => {
    put({
      'resolv.conf': 'nameserver 10.0.0.2\noptions ndots:5\n',
      'sys/class/net/eth0/mtu': '1450\n',
      'sys/class/net/lo/mtu': '65536\n',
      'proc/net/route': ROUTES,
      'proc/sys/net/ipv4/tcp_keepalive_time': '7200\n',
    });
    expect(await runProbe(probe())).toMatchObject({
      resolver: { nameservers: ['10.0.0.2'], ndots: 5 },
      interfaces: [
        {
          ...{ name: 'eth0', mtu: 1450, addresses: ['10.0.0.4', 'fe80::1'] },
          ...{ networks: ['10.0.0.4/24'], bridge: false },
        },
      ],
      nat: null,
      defaultDevice: 'eth0',
      keepAliveSeconds: 7200,
      files: [],
    });
  });

  it('have the rules that translate addresses, where there is a bridge', async () => {
    put({ 'sys/class/net/eth0/mtu': '1500', 'sys/class/net/eth0/bridge/bridge_id': '8000' });
    expect(await runProbe(probe())).toMatchObject({
      interfaces: [{ bridge: true }],
      nat: [{ source: '10.0.0.0/24' }],
    });
  });

  it('tell who has half of its files open or more, the nearest first', async () => {
    put({
      ...process_(10, 40),
      ...process_(11, 40),
      ...process_(12, 20),
      ...process_(13, 'unlimited'),
    });
    expect(await runProbe(probe())).toMatchObject({
      files: [
        { pid: 12, process: 'nginx', open: 15, limit: 20 },
        { pid: 10, process: 'nginx', open: 20, limit: 40 },
      ],
    });
  });

  it('are null where they cannot be read, and not there on other systems', async () => {
    expect(await runProbe(probe())).toEqual({
      ...{
        resolver: null,
        interfaces: [],
        defaultDevice: null,
        keepAliveSeconds: null,
        files: [],
        nat: null,
      },
    });
    const elsewhere = createSettingsProbe({ platform: 'darwin' });
    await expect(runProbe(elsewhere)).rejects.toMatchObject({
      kind: 'not-supported',
    });
  });
});
