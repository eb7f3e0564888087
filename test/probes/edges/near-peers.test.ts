import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NearPeers, parseArp } from '../../../source/probes/edges/near-peers.js';

it('neighbours are those that answered ARP, on a wire, and apart from those that did not', () => {
  const text = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.2         0x1         0x2         02:42:0a:00:00:02     *        br-1
10.0.0.3         0x1         0x0         00:00:00:00:00:00     *        br-1
10.8.0.3         0x1         0x2         02:42:0a:00:00:03     *        zt0
garbage
`;
  expect(parseArp(text)).toEqual(
    new Map([
      ['10.0.0.2', { device: 'br-1', answers: true }],
      ['10.0.0.3', { device: 'br-1', answers: false }],
    ]),
  );
  expect(parseArp('')).toEqual(new Map());
});

it('nobody is where two readings in a row find no answer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arp-'));
  const path = join(folder, 'arp');
  const say = (flags: string) =>
    writeFileSync(path, `head\n10.0.0.3 0x1 ${flags} 00:00:00:00:00:00 * br-1\n`);
  try {
    say('0x0');
    const peers = new NearPeers(path);
    expect(peers.wireOf('10.0.0.3', 0)).toBeUndefined();
    expect(peers.wireOf('10.0.0.3', 2_000)).toEqual({ device: 'br-1', answers: false });
    say('0x2');
    expect(peers.wireOf('10.0.0.3', 4_000)?.answers).toBe(true);
    expect(peers.has('10.0.0.3', 4_000)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("on a wire of this machine alone, what answered before and no network there has is nobody's", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'arp-'));
  const path = join(folder, 'arp');
  writeFileSync(
    path,
    'head\n10.0.0.3 0x1 0x2 02:42:0a:00:00:03 * veth1\n10.0.0.4 0x1 0x2 02:42:0a:00:00:04 * eth0\n',
  );
  const pair = { index: 1, name: 'veth1', kind: 'veth', master: null, running: true };
  const links = () => Promise.resolve([pair, { ...pair, index: 2, name: 'eth0', kind: null }]);
  try {
    const asked: [string, number][] = [];
    const peers = new NearPeers(path, (address, joined) => asked.push([address, joined]) > 0);
    expect(peers.wireOf('10.0.0.3', 0)).toEqual({ device: 'veth1', answers: true });
    await peers.seeWires(2_000, links);
    expect(peers.wireOf('10.0.0.3', 2_000)).toEqual({
      device: 'veth1',
      answers: true,
      closed: true,
      vacant: true,
    });
    expect(peers.wireOf('10.0.0.4', 2_000)).toEqual({ device: 'eth0', answers: true });
    expect(peers.wireOf('10.0.0.3', 2_000)?.vacant).toBe(true);
    expect(asked).toEqual([['10.0.0.3', 1]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
