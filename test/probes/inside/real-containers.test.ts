import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createInsideProbe } from '../../../source/probes/inside/inside-probe.js';
import { createInsideDnsProbe } from '../../../source/probes/lookups/lookups-probe.js';
import { createMatrixProbe } from '../../../source/probes/matrix/matrix-probe.js';
import type { InsideSample } from '../../../source/probes/samples.js';
import { runProbe } from '../run-probe.js';
import { type Container, docker, importShellless, startContainer, whyNoContainers } from './containers.js';

const LISTEN = `use IO::Socket::INET;
  my $s = IO::Socket::INET->new(Listen => 4, LocalPort => 5432, ReuseAddr => 1) or die;
  while (my $c = $s->accept) { push @kept, $c }`;

describe.skipIf(whyNoContainers())('inside real containers', () => {
  const prefix = `faultline-inside-${process.pid}`;
  const image = `${prefix}:shellless`;
  let db: Container;
  let app: Container;
  let far: Container;

  beforeAll(async () => {
    docker('network', 'create', prefix);
    importShellless(image);
    db = startContainer(`${prefix}-db`, LISTEN, prefix);
    app = startContainer(`${prefix}-app`, 'sleep 120', prefix, image);
    far = startContainer(`${prefix}-far`, 'sleep 120', 'bridge');
    const listens = async (): Promise<boolean | undefined> =>
      (await look(db)).sockets?.listeners.some(({ port }) => port === 5432);
    await vi.waitFor(async () => expect(await listens()).toBe(true), { timeout: 10_000 });
  });
  afterAll(() => {
    for (const undo of [
      ['rm', '-f', `${prefix}-db`, `${prefix}-app`, `${prefix}-far`],
      ['network', 'rm', prefix],
      ['image', 'rm', image],
    ]) {
      try {
        docker(...undo);
      } catch {
        // It was never made.
      }
    }
  });

  const look = async (container: Container): Promise<InsideSample> =>
    await runProbe(createInsideProbe({ name: container.name, source: () => container }));
  const reach = async (): Promise<string[]> => {
    const targets = [{ name: 'db', address: db.address, port: 5432 }];
    const probe = createMatrixProbe({ sources: [app, far], targets, patienceMs: 500 });
    return (await runProbe(probe)).cells.map(({ outcome }) => outcome);
  };

  it('shows one without a shell as well as any', async () => {
    const sample = await look(app);
    expect(sample.means.by).toBe('setns');
    expect(sample.missing).toEqual([]);
    expect(sample).toMatchObject({ libc: 'glibc', resolver: { nameservers: ['127.0.0.11'], ndots: 0 } });
    expect(sample.interfaces?.map(({ name }) => name)).toEqual(['lo', 'eth0']);
    expect(sample.routes?.find(({ destination }) => destination === '0.0.0.0/0')?.gateway).not.toBeNull();
    expect(() => docker('exec', app.name, 'sh', '-c', 'true')).toThrow();
  });

  it("looks names up with Docker's own resolver, which answers each container differently", async () => {
    const probe = createInsideDnsProbe({ name: 'app', source: () => app, names: () => [db.name] });
    const { names } = await runProbe(probe);
    probe.close?.();
    expect(names).toMatchObject([{ resolver: '127.0.0.11:53', resolved: true }]);
    expect(names[0]?.steps[0]?.addresses).toEqual([db.address]);
  });

  it('tells who reaches the database and who does not', async () => {
    expect(await reach()).toEqual(['connected', 'timeout']);
  });

  it('sees a paused one take connections that nobody accepts', async () => {
    docker('pause', db.name);
    try {
      expect(await reach()).toEqual(['connected', 'timeout']);
      const listener = (await look(db)).sockets?.listeners.find(({ port }) => port === 5432);
      expect(listener).toMatchObject({ queued: 1, backlog: 4 });
    } finally {
      docker('unpause', db.name);
    }
  });

  it('sees a disconnected one fall silent, and reach nothing itself', async () => {
    docker('network', 'disconnect', prefix, db.name);
    try {
      expect(await reach()).toEqual(['timeout', 'timeout']);
      const { interfaces, sockets } = await look(db);
      expect(interfaces?.map(({ name }) => name)).toEqual(['lo']);
      expect(sockets?.listeners.some(({ port }) => port === 5432)).toBe(true);
      const targets = [{ name: 'app', address: app.address, port: 80 }];
      const { cells } = await runProbe(createMatrixProbe({ sources: [db], targets }));
      expect(cells).toMatchObject([{ outcome: 'no-route', errno: 'ENETUNREACH' }]);
    } finally {
      docker('network', 'connect', prefix, db.name);
    }
  });
});
