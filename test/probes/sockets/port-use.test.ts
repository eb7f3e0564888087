import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LocalPorts, readLocalPorts } from '../../../source/linux/proc-net/local-ports.js';
import { PortTally, portTally } from '../../../source/probes/sockets/port-use.js';
import { row } from '../edges/rows.js';

const PORTS: LocalPorts = { low: 40_000, high: 40_099, count: 100, reuse: 'loopback' };
const NONE = new Set<number>();

const taken = (
  ports: LocalPorts,
  rows: readonly Parameters<typeof row>[0][],
  listening: ReadonlySet<number> = NONE,
): string[] => {
  const tally = new PortTally(ports);
  for (const one of rows) tally.add(row(one), listening);
  return tally
    .sample(1)
    .map((use) => `${use.source} ${use.peer}:${use.port} ${use.taken}/${use.of} ${use.timeWait}`);
};
const many = (count: number, over: Parameters<typeof row>[0]) =>
  Array.from({ length: count }, (_, i) => ({
    ...{ local: '10.0.0.2', localPort: 40_000 + i, remote: '10.0.0.7', remotePort: 6379 },
    ...over,
  }));

describe('ports in use', () => {
  it('are counted by address, server and port; those outside the range and at a listener are none', () => {
    expect(taken(PORTS, many(80, {}))).toEqual(['10.0.0.2 10.0.0.7:6379 80/100 0']);
    expect(taken(PORTS, [...many(40, {}), ...many(40, { local: '10.0.0.3' })])).toEqual([]);
    expect(taken(PORTS, [...many(40, {}), ...many(40, { remotePort: 6380 })])).toEqual([]);
    expect(taken({ ...PORTS, low: 50_000, high: 50_099 }, many(80, {}))).toEqual([]);
    const served = Array.from({ length: 80 }, (_, i) => ({ localPort: 40_000, remotePort: 6379, inode: i }));
    expect(taken(PORTS, served, new Set([40_000]))).toEqual([]);
  });

  it('in TIME-WAIT stay taken, but for those that the kernel gives again: on a loopback after a second', () => {
    const waiting = (over: object) => many(80, { state: 'TIME-WAIT' as const, expiresMs: 30_000, ...over });
    const loopback = { local: '127.0.0.1', remote: '127.0.0.1' };
    expect(taken(PORTS, waiting({}))).toEqual(['10.0.0.2 10.0.0.7:6379 80/100 80']);
    expect(taken(PORTS, waiting(loopback))).toEqual([]);
    expect(taken(PORTS, waiting({ ...loopback, expiresMs: 59_500 }))).toHaveLength(1);
    expect(taken({ ...PORTS, reuse: 'always' }, waiting({}))).toEqual([]);
    expect(taken({ ...PORTS, reuse: 'never' }, waiting(loopback))).toHaveLength(1);
  });

  it('of a sample stand for all, and are never more than there are', () => {
    const tally = new PortTally({ ...PORTS, high: 49_999, count: 10_000 });
    for (const one of many(2_000, { state: 'TIME-WAIT' as const, expiresMs: 30_000 }))
      tally.add(row(one), NONE, true);
    expect(tally.sample(0.25)[0]).toMatchObject({ taken: 8_000, timeWait: 8_000 });
    expect(tally.sample(0.1)[0]).toMatchObject({ taken: 10_000, timeWait: 10_000 });
  });

  it('are not counted where there are too few sockets to use them up', () => {
    const counters = (inuse4: number, timeWait: number) => ({
      ...{ inuse4, inuse6: null, timeWait, currEstab: 0, attemptFails: 0 },
    });
    const read = () => PORTS;
    expect(portTally(counters(20, 20), read)).toBeUndefined();
    expect(portTally(counters(20, 40), read)).toBeDefined();
    expect(portTally(counters(20, 40), () => undefined)).toBeUndefined();
  });
});

describe('the ports there are', () => {
  const given = (files: Readonly<Record<string, string>>): LocalPorts | undefined => {
    const folder = mkdtempSync(join(tmpdir(), 'ports-'));
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`);
      return readLocalPorts(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('are those of the range less the reserved ones, an even number', () => {
    expect(given({ ip_local_port_range: '32768\t60999' })).toMatchObject({ count: 28_232, reuse: 'never' });
    expect(given({ ip_local_port_range: '40000\t40200', ip_local_reserved_ports: '' })?.count).toBe(200);
    const reserved = '8080,40000-40009,40190-50000';
    expect(given({ ip_local_port_range: '40000\t40199', ip_local_reserved_ports: reserved })?.count).toBe(
      180,
    );
    for (const bad of ['', '1', '9 1', 'x y']) expect(given({ ip_local_port_range: bad })).toBeUndefined();
  });

  it('are given again as tcp_tw_reuse says, and never without timestamps', () => {
    const reuse = (tcp_tw_reuse: string, tcp_timestamps: string) =>
      given({ ip_local_port_range: '1 2', tcp_tw_reuse, tcp_timestamps })?.reuse;
    expect([reuse('0', '1'), reuse('1', '1'), reuse('2', '1'), reuse('1', '0')]).toEqual([
      ...['never', 'always', 'loopback', 'never'],
    ]);
  });
});
