import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DockerContainer } from '../../../source/engines/docker/containers/docker-container.js';
import { readOneShotStats } from '../../../source/engines/docker/containers/one-shot-stats.js';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { findCgroup, readCgroup, readCgroupMounts } from '../../../source/linux/cgroup/read-cgroup.js';
import { until } from '../../helpers/until.js';
import { DockerStage, IMAGE, POLITE, PREFIX } from './docker-stage.js';
import { notRun, whyNoDocker } from './real-docker.js';

const reason = await whyNoDocker();
if (reason !== null) describe('the Docker engine', () => notRun('tests of the Docker engine', reason));

describe.runIf(reason === null)('the Docker engine', () => {
  let stage: DockerStage;
  let engine: DockerEngine;
  let docker: Docker;

  beforeAll(async () => {
    stage = await DockerStage.open();
    ({ engine, docker } = stage);
  });
  afterAll(() => stage.close());

  const create: DockerStage['create'] = (...args) => stage.create(...args);
  const named: DockerStage['named'] = (name) => stage.named(name);
  const told: DockerStage['told'] = (name) => stage.told(name);

  it('tells what a container is, from its events', async () => {
    const odd = 'a\u001b[31m\u202eb'.repeat(1_000);
    const container = await create('what', POLITE, {
      Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'db', odd },
      ExposedPorts: { '80/tcp': {}, '53/udp': {} },
      HostConfig: {
        Memory: 64 * 2 ** 20,
        NanoCpus: 250_000_000,
        PidsLimit: 50,
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
        PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      },
    });
    await until('it is listed', () => named('what')?.detailed === true);
    expect(named('what')).toMatchObject({
      state: 'exited',
      status: 'created',
      startedAt: null,
      lastExit: null,
    });
    await engine.start(`${PREFIX}-what`);
    const shown = named('what') as DockerContainer;
    expect(shown).toMatchObject({
      state: 'running',
      image: IMAGE,
      composeProject: 'shop',
      composeService: 'db',
      limits: { memoryBytes: 64 * 2 ** 20, cpus: 0.25, pids: 50 },
      restartPolicy: 'on-failure:3',
      restarts: 0,
      oomKills: 0,
      labels: { odd },
      networks: [{ name: 'bridge', address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) }],
    });
    expect(shown.ports).toEqual([{ protocol: 'tcp', port: expect.any(Number) }]);
    expect(
      shown.publishedPorts.map(({ protocol, port, hostPort }) => [protocol, port, hostPort !== null]),
    ).toEqual([
      ['udp', 53, false],
      ['tcp', 80, true],
    ]);
    expect(shown.pid).toBeGreaterThan(1);
    await container.remove({ force: true });
    await until('it is gone', () => named('what') === undefined);
    expect(() => engine.logs(`${PREFIX}-what`)).toThrow(/no container/);
  });

  it('stops, starts, restarts, pauses and kills, and says what each end meant', async () => {
    await create('act', POLITE);
    const name = `${PREFIX}-act`;
    await until('it is listed', () => named('act') !== undefined);
    await engine.start(name);
    await engine.start(name);
    expect(named('act')).toMatchObject({ state: 'running', restarts: 0 });
    await engine.pause(name);
    expect(named('act')?.state).toBe('paused');
    await engine.unpause(name);
    expect(named('act')?.state).toBe('running');
    await engine.stop(name);
    await engine.stop(name);
    expect(named('act')).toMatchObject({ state: 'exited', pid: null, lastExit: { code: 0 } });
    expect(named('act')?.lastExit?.meaning).toContain('stopped by Docker');
    await engine.restart(name);
    expect(named('act')).toMatchObject({ state: 'running', restarts: 1 });
    const pid = named('act')?.pid;
    await engine.kill(name);
    expect(named('act')).toMatchObject({ state: 'exited', lastExit: { code: 137 } });
    expect(named('act')?.lastExit?.meaning).toBe('killed by Docker (SIGKILL), as somebody asked');
    await engine.start(name);
    expect(named('act')?.pid).not.toBe(pid);
    process.kill(named('act')?.pid as number, 'SIGKILL');
    await until('its end is seen', () => named('act')?.state === 'exited');
    await until(
      'who did it is not known',
      () => named('act')?.lastExit?.meaning.includes('by whom') === true,
    );
    await expect(engine.pause(name)).rejects.toThrow(/could not pause it: .*not running/);
    await expect(engine.kill('faultline-no-such')).rejects.toThrow(
      'there is no container "faultline-no-such"',
    );
    expect(told('act')).toEqual(expect.arrayContaining(['start', 'pause', 'unpause', 'stop', 'kill', 'die']));
  });

  it('counts the out-of-memory kills of a worker, which Docker does not call one', async () => {
    await create('oom', 'while :; do (x=aaaaaaaa; while :; do x=$x$x; done); sleep 0.2; done', {
      HostConfig: { Memory: 16 * 2 ** 20, MemorySwap: 16 * 2 ** 20 },
    });
    await until('it is listed', () => named('oom') !== undefined);
    await engine.start(`${PREFIX}-oom`);
    await until('two kills are counted', () => (named('oom')?.oomKills ?? 0) >= 2);
    expect(named('oom')).toMatchObject({ state: 'running', lastExit: null });
    const folders = findCgroup(named('oom')?.pid as number, readCgroupMounts());
    if (process.platform === 'linux') {
      const reading = folders && readCgroup(folders);
      expect(reading?.memory?.limitBytes).toBe(16 * 2 ** 20);
      expect(reading?.memory?.oomKills).toBeGreaterThanOrEqual(2);
      expect(reading?.cpu?.usageUs).toBeGreaterThan(0);
      const asked = await readOneShotStats(docker, `${PREFIX}-oom`);
      expect(asked?.memory?.limitBytes).toBe(reading?.memory?.limitBytes);
      expect(asked?.cpu?.usageUs).toBeGreaterThanOrEqual(reading?.cpu?.usageUs as number);
      expect(asked?.version).toBe(reading?.version);
      expect(asked?.pids?.current).toBeGreaterThanOrEqual(1);
    }
    await engine.kill(`${PREFIX}-oom`);
    expect(await readOneShotStats(docker, `${PREFIX}-oom`)).toBeUndefined();
    await docker.getContainer(`${PREFIX}-oom`).remove({ force: true });
  });

  it('takes no harm from containers that are gone before they can be looked at', async () => {
    const last = engine.availability;
    await Promise.all(
      Array.from({ length: 16 }, async (_, n) => {
        const container = await create(`race-${n}`, ':', { HostConfig: { AutoRemove: n % 2 === 0 } });
        if (n % 2 === 0) await container.start();
        else await container.remove({ force: true });
      }),
    );
    await until('all are gone', () => engine.list().every(({ name }) => !name.includes(`${PREFIX}-race`)));
    // No answer that was under way brings one back: what is asked of the daemon later comes behind all of them.
    await create('after-race', POLITE);
    await until('what was made later is listed', () => named('after-race') !== undefined);
    expect(engine.list().filter(({ name }) => name.includes(`${PREFIX}-race`))).toEqual([]);
    expect(engine.availability).toBe(last);
  });

  it('tells why a container could not be started', async () => {
    await create('broken', ':', { Cmd: ['/no/such/program'] });
    await until('it is listed', () => named('broken') !== undefined);
    await expect(engine.start(`${PREFIX}-broken`)).rejects.toThrow(/no such file/);
    expect(named('broken')?.lastExit?.meaning).toMatch(/could not be started: .*no such file/);
  });

  it('follows the health of a container', async () => {
    await create('health', `echo > /ok; sleep 1.5; ${POLITE}`, {
      Healthcheck: { Test: ['CMD', '/bin/dash', '-c', 'test -e /ok'], Interval: 1e9, Retries: 1 },
    });
    await until('it is listed', () => named('health') !== undefined);
    await engine.start(`${PREFIX}-health`);
    expect(named('health')).toMatchObject({ state: 'starting', health: 'starting' });
    await until('it is healthy', () => named('health')?.health === 'healthy');
    expect(named('health')?.state).toBe('running');
    expect(told('health')).not.toContain('exec_create');
    await docker.getContainer(`${PREFIX}-health`).remove({ force: true });
  });
});
