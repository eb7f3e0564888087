import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DockerEngine } from '../../../../source/engines/docker/docker-engine.js';
import { buildImage } from '../../../../source/engines/docker/images/build-image.js';
import { hasImage } from '../../../../source/engines/docker/images/has-image.js';
import { type Recipe, recipeOf } from '../../../../source/engines/docker/images/recipe.js';
import { until } from '../../../helpers/until.js';
import { connected, dockerOf, importShell, notRun, whyNoDocker } from '../real-docker.js';

const reason = await whyNoDocker();
if (reason !== null) notRun('the building of images', reason);

const BASE = 'faultline-lab-test:base';

describe.skipIf(reason !== null)('an image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-build-'));
  let engine: DockerEngine;
  let docker: Docker;

  beforeAll(async () => {
    engine = await connected();
    docker = dockerOf(engine);
    await importShell(docker, BASE);
  });
  afterAll(async () => {
    for (const image of await docker.listImages({ filters: { label: ['faultline-lab-test'] } }))
      await docker.getImage(image.Id).remove({ force: true });
    await docker.getImage(BASE).remove({ force: true });
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  const recipe = (run: string): Recipe => {
    const lines = [
      ...['ARG BASE', `FROM $\{BASE}`, 'LABEL faultline-lab-test=1'],
      ...['SHELL ["/bin/dash", "-c"]', `RUN ${run}`],
    ];
    writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
    return recipeOf('toolbox', folder);
  };
  /** Containers of builds carry the labels that the Dockerfile has given so far. */
  const left = async (): Promise<number> =>
    (await docker.listContainers({ all: true, filters: { label: ['faultline-lab-test'] } })).length;

  test('is built by its recipe, with its steps told', async () => {
    const told: string[] = [];
    const made = recipe('echo Setting up nginx-light \\(1.22\\)');
    await buildImage(made, BASE, { docker, progress: (text) => told.push(text) });
    expect(await hasImage(docker, made.tag)).toBe(true);
    expect(told.join()).toMatch(/toolbox image: step 5 of \d, installing nginx-light/);
    expect(await left()).toBe(0);
  });

  test('that cannot be built says what the failed step said, and leaves no container', async () => {
    const made = recipe('echo E: Unable to locate package nonsense >&2; exit 100');
    await expect(buildImage(made, BASE, { docker })).rejects.toThrow(
      /toolbox image could not be made: .*returned a non-zero code: 100; before that: .*E: Unable to locate package nonsense$/,
    );
    expect(await hasImage(docker, made.tag)).toBe(false);
    expect(await left()).toBe(0);
  });

  test('that is given up ends at once with the reason, and leaves no container', async () => {
    const control = new AbortController();
    const build = buildImage(recipe('echo Setting up sleep; sleep 60'), BASE, {
      docker,
      signal: control.signal,
      progress: (text) => {
        if (text.includes('installing sleep')) control.abort(new Error('given up'));
      },
    });
    await expect(build).rejects.toThrow('given up');
    let containers = 1;
    await until('the daemon has cleaned up', () => {
      void left().then((count) => {
        containers = count;
      });
      return containers === 0;
    });
  });
});
