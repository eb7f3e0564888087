import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServicesProbe } from '../../../source/probes/services/services-probe.js';
import { DockerStage, POLITE, PREFIX } from '../../engines/docker/docker-stage.js';
import { notRun, whyNoDocker } from '../../engines/docker/real-docker.js';
import { until } from '../../helpers/until.js';
import { pause, runProbe } from '../run-probe.js';

const reason = await whyNoDocker();
if (reason !== null)
  describe('services on Docker', () => notRun('tests of the services probe on Docker', reason));

const MIB = 2 ** 20;

describe.runIf(reason === null)('services on Docker', () => {
  let stage: DockerStage;
  beforeAll(async () => {
    stage = await DockerStage.open();
    await stage.create('busy', 'while :; do :; done', {
      HostConfig: { NanoCpus: 200_000_000, Memory: 32 * MIB, MemorySwap: 32 * MIB },
    });
    await stage.create('idle', POLITE);
    await until('they are listed', () => ['busy', 'idle'].every((name) => stage.named(name) !== undefined));
    await Promise.all(['busy', 'idle'].map((name) => stage.engine.start(`${PREFIX}-${name}`)));
  });
  afterAll(() => stage.close());

  const workloads = () => stage.engine.list().filter(({ name }) => name.startsWith(PREFIX));

  it.runIf(process.platform === 'linux')('come from the cgroup of each', async () => {
    const probe = createServicesProbe({ workloads, docker: () => stage.engine.docker });
    await runProbe(probe);
    let sample = await runProbe(probe);
    // On a machine that is busy with other things it may not even get what it may have.
    for (let look = 0; look < 10 && !(sample.services[0]?.container?.throttledPercent ?? 0); look++) {
      await pause(1_000);
      sample = await runProbe(probe);
    }
    const { services, means, missing } = sample;
    expect(means).toMatch(/^cgroup v[12]$/);
    expect(missing).toEqual([]);
    const [busy, idle] = services;
    // A fifth of a core at most, however busy the machine is, and held back for it.
    expect(busy?.cpuPercent).toBeGreaterThan(0);
    expect(busy?.cpuPercent).toBeLessThan(40);
    expect(busy?.container?.throttledPercent).toBeGreaterThan(0);
    expect(busy?.container?.throttledPercent).toBeLessThanOrEqual(100);
    expect(busy?.container?.throttling?.throttledPeriods).toBeGreaterThan(0);
    expect(busy?.container?.limits).toMatchObject({ cpus: 0.2, memoryBytes: 32 * MIB });
    expect(busy?.memoryBytes).toBeLessThan(32 * MIB);
    expect(busy?.container).toMatchObject({ pids: 1, oomKills: 0, status: 'running' });
    expect(busy?.openFds).toBeGreaterThanOrEqual(1);
    expect(idle?.container).toMatchObject({ throttling: null, throttledPercent: null });
    expect(idle?.cpuPercent).not.toBeNull();
  });

  it('are asked of the daemon where the container’s files are not on this host', async () => {
    const elsewhere = () => workloads().map((one) => ({ ...one, pid: null }));
    const probe = createServicesProbe({ workloads: elsewhere, docker: () => stage.engine.docker });
    await expect
      .poll(async () => (await runProbe(probe)).services[0]?.memoryBytes, { timeout: 10_000, interval: 250 })
      .toBeGreaterThan(0);
    const { means, missing, services } = await runProbe(probe);
    expect(means).toBe('docker stats');
    expect(missing.join()).toContain('every 5 s');
    expect(services[0]).toMatchObject({ pid: null, openFds: null, processState: null });
    expect(services[0]?.container?.limits).toMatchObject({ cpus: 0.2, memoryBytes: 32 * MIB });
    expect(services[1]?.container?.limits.memoryBytes).toBeNull();
  });
});
