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
