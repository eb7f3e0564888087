import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMatrixProbe, type MatrixProbeOptions } from '../../../source/probes/matrix/matrix-probe.js';
import { openPlace, type Place, whyNoPlaces, wire } from '../../linux/namespace/places.js';
import { runProbe } from '../run-probe.js';

const B = '10.213.7.2';

describe.skipIf(whyNoPlaces())('the connectivity matrix, from inside the source', () => {
  let a: Place;
  let b: Place;

  beforeAll(async () => {
    const everywhere = [8080, 8082, 8083, 8084].map((port) => ({ port, address: '::' }));
    [a, b] = await Promise.all([
      openPlace({ tcp: [{ port: 7070, address: '127.0.0.1' }] }),
      openPlace({ tcp: everywhere }),
    ]);
    wire(a, b);
    for (const [port, ...target] of [
      ['8082', 'DROP'],
      ['8083', 'REJECT', '--reject-with', 'icmp-host-prohibited'],
      ['8084', 'REJECT', '--reject-with', 'tcp-reset'],
    ] as const)
      b.run('iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', port, '-j', ...target);
    for (const [kind, net] of [
      ['unreachable', '203.0.113.0/26'],
      ['prohibit', '203.0.113.64/26'],
      ['blackhole', '203.0.113.128/26'],
    ] as const)
      a.run('ip', 'route', 'add', kind, net);
  });
  afterAll(async () => {
    await Promise.all([a?.close(), b?.close()]);
  });

  const matrix = (options: Partial<MatrixProbeOptions>) =>
    runProbe(createMatrixProbe({ sources: [{ name: 'a', pid: a.pid }], targets: [], ...options }));

  it('names each end for what it is', async () => {
    const wanted = [
      ['open', B, 8080, 'connected', null],
      ['open over IPv6', 'fd13::2', 8080, 'connected', null],
      ['own loopback', '127.0.0.1', 7070, 'connected', null],
      ['closed', B, 8081, 'refused', 'ECONNREFUSED'],
      ['dropped', B, 8082, 'timeout', 'ETIMEDOUT'],
      ['prohibited', B, 8083, 'unreachable', 'EHOSTUNREACH'],
      ['reset', B, 8084, 'refused', 'ECONNREFUSED'],
      ['elsewhere', '198.51.100.1', 80, 'no-route', 'ENETUNREACH'],
      ['unreachable', '203.0.113.1', 80, 'unreachable', 'EHOSTUNREACH'],
      ['prohibit', '203.0.113.65', 80, 'permission', 'EACCES'],
      ['blackhole', '203.0.113.129', 80, 'no-route', 'EINVAL'],
      ['a name', 'db.lab', 80, 'unmeasured', null],
    ] as const;
    const targets = wanted.map(([name, address, port]) => ({ name, address, port }));
    const sample = await matrix({ targets, patienceMs: 600 });
    expect(sample.sources).toEqual([
      { name: 'a', pid: a.pid, means: { by: 'setns', reason: null, mend: null } },
    ]);
    expect(sample.cells.map(({ target, outcome, errno }) => [target, outcome, errno])).toEqual(
      wanted.map(([name, , , outcome, errno]) => [name, outcome, errno]),
    );
    const ms = (name: string): number => sample.cells.find(({ target }) => target === name)?.ms ?? -1;
    expect(ms('dropped')).toBeGreaterThanOrEqual(590);
    expect(ms('open')).toBeGreaterThan(0);
    expect(ms('open')).toBeLessThan(ms('dropped'));
  });

  it('tells the sources apart: what one reaches another does not', async () => {
    const sources = [
      { name: 'a', pid: a.pid },
      { name: 'b', pid: b.pid },
    ];
    const targets = [{ name: 'loopback of a', address: '127.0.0.1', port: 7070 }];
    const { cells } = await matrix({ sources: () => sources, targets: () => targets });
    expect(cells.map(({ source, outcome }) => [source, outcome])).toEqual([
      ['a', 'connected'],
      ['b', 'refused'],
    ]);
  });

  it('says when the source has no port left', async () => {
    a.run('sh', '-c', 'echo 40000 40000 > /proc/sys/net/ipv4/ip_local_port_range');
    try {
      const targets = [
        { name: 'first', address: B, port: 8080 },
        { name: 'second', address: B, port: 8080 },
      ];
      const { cells } = await matrix({ targets, mostAtOnce: 1 });
      expect(cells.map(({ outcome }) => outcome)).toEqual(['connected', 'no-port']);
      expect(cells[1]?.errno).toBe('EADDRNOTAVAIL');
    } finally {
      a.run('sh', '-c', 'echo 32768 60999 > /proc/sys/net/ipv4/ip_local_port_range');
    }
  });

  it('tries no more at once than it may, and says which pairs it left out', async () => {
    const targets = Array.from({ length: 9 }, (_, i) => ({ name: `t${i}`, address: B, port: 8082 }));
    const began = performance.now();
    const { cells, missing } = await matrix({ targets, patienceMs: 100, mostAtOnce: 2, mostCells: 6 });
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
    expect(cells).toHaveLength(6);
    expect(missing).toEqual(['3 of 9 pairs were not tried: too many for one run']);
  });

  it('leaves alone what it is told to spare', async () => {
    const targets = [
      { name: 'frozen', address: B, port: 8080 },
      { name: 'open', address: B, port: 8080 },
    ];
    const spare = ({ name }: { name: string }) => (name === 'frozen' ? 'its queue is full' : undefined);
    const { cells } = await matrix({ targets, spare });
    expect(cells.map(({ outcome, meaning }) => [outcome, meaning])).toEqual([
      ['unmeasured', 'its queue is full'],
      ['connected', 'it connects'],
    ]);
  });

  it('ends at once when aborted, and leaves no socket behind', async () => {
    const abort = new AbortController();
    const targets = [{ name: 'dropped', address: B, port: 8082 }];
    const probe = createMatrixProbe({ sources: [{ name: 'a', pid: a.pid }], targets });
    const run = runProbe(probe, abort.signal);
    run.catch(() => undefined);
    await vi.waitFor(() => expect(a.run('ss', '-tnH', 'state', 'syn-sent')).not.toBe(''));
    abort.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
    expect(a.run('ss', '-tnH', 'state', 'syn-sent')).toBe('');
  });

  it('does not fail because a source is gone: its cells were not measured', async () => {
    const gone = await openPlace();
    await gone.close();
    const sources = [
      { name: 'gone', pid: gone.pid },
      { name: 'stopped', pid: null },
      { name: 'a', pid: a.pid },
    ];
    const { cells, sources: entered } = await matrix({
      sources,
      targets: [{ name: 'open', address: B, port: 8080 }],
    });
    expect(cells.map(({ outcome }) => outcome)).toEqual(['unmeasured', 'unmeasured', 'connected']);
    expect(entered[0]?.means).toMatchObject({ by: 'none', reason: expect.stringContaining('has ended') });
    expect(entered[1]?.means).toMatchObject({
      by: 'none',
      reason: 'it has no process that is seen from this host',
    });
  });
});

it('has nothing to say without sources or targets', async () => {
  const probe = createMatrixProbe({ sources: [], targets: [{ name: 't', address: '127.0.0.1', port: 1 }] });
  await expect(runProbe(probe)).rejects.toMatchObject({ kind: 'not-configured' });
});
