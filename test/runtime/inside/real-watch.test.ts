import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { createRuntime, type Runtime } from '../../../source/runtime/index.js';
import { connected } from '../../engines/docker/real-docker.js';
import { docker, startContainer, whyNoContainers } from '../../probes/inside/containers.js';

const LISTEN = `use IO::Socket::INET;
  my $s = IO::Socket::INET->new(Listen => 4, LocalPort => 5432, ReuseAddr => 1) or die;
  while (my $c = $s->accept) { push @kept, $c if @kept < 3 }`;
const connectTo = (name: string): string => `use IO::Socket::INET;
  my $c; until ($c) { $c = IO::Socket::INET->new(PeerAddr => "${name}", PeerPort => 5432); sleep 1 unless $c }
  sleep 120`;

describe.skipIf(whyNoContainers())('a session on a host with containers', () => {
  const prefix = `faultline-inside-watch-${process.pid}`;
  const [db, app] = [`${prefix}-db`, `${prefix}-app`];
  let engine: DockerEngine;
  let runtime: Runtime;

  beforeAll(async () => {
    docker('network', 'create', prefix);
    startContainer(db, LISTEN, prefix);
    engine = await connected();
    runtime = await createRuntime({ engine, modes: [] });
  });
  afterAll(async () => {
    await runtime?.close();
    for (const undo of [
      ['rm', '-f', db, app],
      ['network', 'rm', prefix],
    ]) {
      try {
        docker(...undo);
      } catch {
        // It is gone already.
      }
    }
  });

  const seen = () => runtime.store.getState();
  const soon = { timeout: 20_000, interval: 100 };

  it('looks into one that comes: its network, its lookups, whom it reaches and what happened to it', async () => {
    startContainer(app, connectTo(db), prefix);
    await vi.waitFor(() => expect(seen().latest.inside?.[app]?.sample.means.by).toBe('setns'), soon);
    const cell = () =>
      seen().latest.matrix?.sample.cells.find(
        ({ source, target }) => source === app && target === `${db}:5432`,
      );
    await vi.waitFor(() => {
      expect(cell()).toMatchObject({ outcome: 'connected', because: 'seen' });
      const name = seen().latest.lookups?.[app]?.sample.names[0];
      expect(name).toMatchObject({ name: db, resolver: '127.0.0.11:53', resolved: true });
    }, soon);
    expect(seen().series.get(`matrix.ok{${app}→${db}:5432}`)?.fromEnd(0)?.value).toBe(1);
    expect(seen().latest.events?.sample.events.find(({ workload }) => workload === app)?.action).toBe(
      'start',
    );
    expect(seen().probes[`inside:${app}`]?.state).toBe('ok');
  });

  it('lets one that goes be, and says that what it knew is old', async () => {
    docker('rm', '-f', app);
    await vi.waitFor(() => {
      expect(seen().latest.inside?.[app]?.stale).toBe(true);
      expect(seen().latest.lookups?.[app]?.stale).toBe(true);
      expect(Object.keys(seen().probes)).not.toContain(`inside:${app}`);
    }, soon);
    expect(seen().latest.inside?.[db]?.stale).toBe(false);
  });
});
