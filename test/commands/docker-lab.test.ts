import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DockerEngine } from '../../source/engines/docker/docker-engine.js';
import { labLabels } from '../../source/labs/docker/labels.js';
import {
  connected,
  dockerOf,
  importShell,
  notRun,
  OwnDaemon,
  whyNoDaemon,
} from '../engines/docker/real-docker.js';

/** `faultline lab` removes every lab of a daemon, so it is tried on one that has none but these. */
const reason = whyNoDaemon();
if (reason !== null) notRun('faultline lab down', reason);

const CLI = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);

describe.skipIf(reason !== null)('faultline lab', () => {
  const daemon = new OwnDaemon();
  let engine: DockerEngine;
  let docker: Docker;

  beforeAll(async () => {
    await daemon.start();
    engine = await connected({ host: daemon.host });
    docker = dockerOf(engine);
    await importShell(docker, 'faultline/lab:test', 'LABEL faultline.image=lab');
    await importShell(docker, 'foreign:test');
    for (const [id, image] of [
      ['aaaaaa', 'faultline/lab:test'],
      ['bbbbbb', 'foreign:test'],
    ] as const) {
      await docker.createNetwork({ Name: `faultline-${id}`, Labels: { ...labLabels(id) } });
      const made = await docker.createContainer({
        name: `todo-app-${id}`,
        Image: image,
        Cmd: ['/bin/sleep', '600'],
        Labels: { ...labLabels(id) },
        HostConfig: { NetworkMode: 'none' },
      });
      await made.start();
    }
    await docker.createContainer({ name: 'foreign', Image: 'foreign:test', Cmd: ['/bin/sleep', '600'] });
    await docker.createNetwork({ Name: 'foreign' });
  });
  afterAll(async () => {
    await engine?.close();
    await daemon.remove();
  });

  const faultline = (...args: string[]): string =>
    execFileSync(process.execPath, [CLI, 'lab', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DOCKER_HOST: daemon.host },
    });

  test('lists what is there, and whose', () => {
    expect(faultline()).toMatch(
      new RegExp(
        `lab aaaaaa \\(console with pid ${process.pid}\\): 1 container, 1 network: todo-app-aaaaaa running`,
      ),
    );
    expect(JSON.parse(faultline('status', '--json'))).toMatchObject({
      did: 'status',
      labs: [{ id: 'aaaaaa' }, { id: 'bbbbbb' }],
      images: [{ name: 'faultline/lab:test' }],
    });
  });

  test('down removes every lab, and with --images what they were made of; what is foreign stays', async () => {
    expect(faultline('down', '--images')).toContain('2 labs removed.');
    const names = (await docker.listContainers({ all: true })).map(({ Names }) => Names[0]);
    expect(names).toEqual(['/foreign']);
    const networks = (await docker.listNetworks()).map(({ Name }) => Name);
    expect(networks).toContain('foreign');
    expect(networks.filter((name) => name.startsWith('faultline-'))).toEqual([]);
    expect((await docker.listImages()).flatMap(({ RepoTags }) => RepoTags)).toEqual(['foreign:test']);
    expect(faultline('down')).toContain('Nothing to remove: no lab is there.');
  });
});
