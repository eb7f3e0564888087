import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { until } from '../../helpers/until.js';
import { DockerStage, POLITE, PREFIX } from './docker-stage.js';
import { connected, notRun, whyNoDocker } from './real-docker.js';

const reason = await whyNoDocker();
if (reason !== null) describe('before the start', () => notRun('tests of what was before the start', reason));

/** A console that comes when all this has happened already. */
describe.runIf(reason === null)('what happened before an engine was made', () => {
  let stage: DockerStage;
  let late: DockerEngine;
  const nameOf = (name: string): string => `${PREFIX}-${name}`;
  const known = (name: string) => late.list().find((one) => one.name === nameOf(name));
  const actions = (name: string): string[] =>
    late
      .past()
      .filter(({ workload }) => workload === nameOf(name))
      .map(({ action }) => action);

  beforeAll(async () => {
    stage = await DockerStage.open();
    const start = async (name: string, script: string, options = {}) => {
      await stage.create(name, script, options);
      await until(`${name} is listed`, () => stage.named(name)?.detailed === true);
      await stage.engine.start(nameOf(name));
    };
    await start('killed', POLITE);
    await stage.engine.kill(nameOf('killed'));
    await start(
      'crashed',
      'printf "\\rloading 1/2\\rloading 2/2\\rfatal: password=hunter2 refused\\n" >&2; echo bye; exit 3',
    );
    await until('it has ended', () => stage.named('crashed')?.lastExit?.code === 3);
    await start('gone', POLITE);
    await stage.docker.getContainer(nameOf('gone')).remove({ force: true });
    await start('task', POLITE, {
      Labels: {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'web',
        'com.docker.compose.oneoff': 'True',
      },
    });
    await start('checked', POLITE, {
      Healthcheck: {
        Test: ['CMD', '/bin/dash', '-c', 'echo queue is full; exit 1'],
        Interval: 1_000_000_000,
        Timeout: 2_000_000_000,
        Retries: 1,
      },
    });
    await stage.create('broken', POLITE, { Entrypoint: ['/no/such'] });
    await until('it is listed', () => stage.named('broken')?.detailed === true);
    await expect(stage.engine.start(nameOf('broken'))).rejects.toThrow(/no such file/);
    await until('its check fails', () => stage.named('checked')?.health === 'unhealthy', 30_000);
    late = await connected();
  });
  afterAll(async () => {
    await late?.close();
    await stage.close();
  });

  it('is told in its order, of what is still there', () => {
    expect(actions('killed').filter((action) => action !== 'disconnect' && action !== 'connect')).toEqual([
      ...['start', 'kill', 'die'],
    ]);
    // Of one that was removed its end alone is kept: who still asks for it is told what it was.
    expect(actions('gone')).toEqual(['destroy']);
    expect(known('killed')?.lastExit?.meaning).toContain('killed by Docker');
  });

  it('brings the line that says why one ended', async () => {
    await until('it was asked', () => known('crashed')?.lastWords !== undefined);
    expect(known('crashed')?.lastWords).toBe('fatal: password=hunter2 refused');
    expect(known('killed')?.lastWords).toBeUndefined();
  });

  it('brings what a check says, why one could not start, and what is a task', () => {
    expect(known('checked')?.check).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('queue is full'),
    });
    expect(known('checked')?.check?.since).toBeGreaterThan(0);
    expect(known('broken')?.startError).toContain('/no/such');
    expect(known('task')).toMatchObject({ isTask: true });
    expect(known('task')?.group).toBeUndefined();
  });
});
