import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../source/clock.js';
import { loadLibc } from '../../../source/linux/namespace/libc.js';
import { socketInside } from '../../../source/linux/namespace/socket-in.js';
import { readListenQueue } from '../../../source/linux/netlink/listen-queue.js';
import { createDoors, type Doors } from '../../../source/probes/doors/doors.js';
import { createMatrixProbe } from '../../../source/probes/matrix/matrix-probe.js';
import { openPlace, type Place, whyNoPlaces, wire } from '../../linux/namespace/places.js';
import { runProbe } from '../run-probe.js';

const SERVER = '10.213.7.2';
const BACKLOG = 5;

describe.skipIf(whyNoPlaces())('twenty sources and one server that accepts nobody', () => {
  let client: Place;
  let server: Place;

  beforeAll(async () => {
    const listening = [8080, 8081].map((port) => ({ port, address: SERVER, backlog: BACKLOG }));
    client = await openPlace();
    server = await openPlace({ tcp: listening.map((one) => ({ ...one, address: '::' })) });
    wire(client, server);
    process.kill(server.pid, 'SIGSTOP');
  });
  afterAll(async () => {
    await Promise.all([client?.close(), server?.close()]);
  });

  const queueOf = async (port: number) => {
    const libc = await loadLibc();
    return await readListenQueue(port, 4, {
      openFd: (...what) => socketInside(libc, server.pid, ...what),
    });
  };
  const overflows = (): number => {
    const text = server.run('cat', '/proc/net/netstat').split('\n');
    const at = text.findIndex((line) => line.startsWith('TcpExt:'));
    const column = text[at]?.split(' ').indexOf('ListenOverflows') ?? -1;
    return Number(text[at + 1]?.split(' ')[column]);
  };
  const knockAt = (port: number, doors?: Doors) =>
    runProbe(
      createMatrixProbe({
        sources: Array.from({ length: 20 }, (_, i) => ({ name: `source-${i}`, pid: client.pid })),
        targets: [{ name: 'server', address: SERVER, port }],
        ...(doors && { doors }),
      }),
    );

  it('leave half of its queue free, and say so in the matrix', async () => {
    const before = overflows();
    const facts = { nameOf: () => 'server', queueOf: () => queueOf(8080) };
    const { cells } = await knockAt(8080, createDoors(facts, systemClock));
    expect(overflows()).toBe(before);
    expect(await queueOf(8080)).toEqual({ queued: 3, backlog: BACKLOG });
    expect(cells.filter(({ outcome }) => outcome === 'connected')).toHaveLength(3);
    const spared = cells.filter(({ outcome }) => outcome === 'unmeasured');
    expect(spared).toHaveLength(17);
    expect(spared[0]?.meaning).toBe(
      '3 of 5 connections wait there to be accepted: one more would only fill the queue',
    );
  });

  it('overflow it where they take no turns', async () => {
    const before = overflows();
    await knockAt(8081);
    expect(overflows()).toBeGreaterThan(before);
  });
});
