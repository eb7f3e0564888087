import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { hasImage } from '../../../source/engines/docker/images/has-image.js';
import { toolboxRecipe } from '../../../source/engines/docker/images/toolbox-image.js';
import { createInsideProbe } from '../../../source/probes/inside/inside-probe.js';
import { createMatrixProbe } from '../../../source/probes/matrix/matrix-probe.js';
import type { InsideSample } from '../../../source/probes/samples.js';
import { programsElsewhere } from '../../../source/runtime/inside/elsewhere.js';
import { connected, dockerOf } from '../../engines/docker/real-docker.js';
import { until } from '../../helpers/until.js';
import { docker, importShellless, startContainer, whyNoContainers } from '../../probes/inside/containers.js';
import { runProbe } from '../../probes/run-probe.js';

const LISTEN = `use IO::Socket::INET;
  my $s = IO::Socket::INET->new(Listen => 4, LocalPort => 5432, ReuseAddr => 1) or die; sleep 100`;

/** As with a daemon on another host: its containers' processes have no number here. */
describe.skipIf(whyNoContainers())('containers whose processes are not on this host', () => {
  const prefix = `faultline-inside-far-${process.pid}`;
  const [plain, bare] = [`${prefix}-plain`, `${prefix}-bare`];
  const image = `${prefix}:shellless`;
  let engine: DockerEngine;

  beforeAll(async () => {
    docker('network', 'create', prefix);
    importShellless(image);
    startContainer(plain, LISTEN, prefix);
    startContainer(bare, 'sleep 100', prefix, image);
    engine = await connected();
    await until('both are listed', () =>
      [plain, bare].every((name) => engine.list().some((one) => one.name === name)),
    );
  });
  afterAll(async () => {
    await engine?.close();
    for (const undo of [
      ['rm', '-f', plain, bare],
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

  const programs = () =>
    programsElsewhere({
      docker: () => engine.docker,
      idOf: (wanted) => engine.list().find((one) => one.name === wanted)?.id,
    });
  const look = async (name: string): Promise<InsideSample> => {
    const { readFiles } = programs();
    return await runProbe(createInsideProbe({ name, source: () => ({ name, pid: null }), readFiles }));
  };

  it('are looked into by a program in them', async () => {
    const sample = await look(plain);
    expect(sample.means).toMatchObject({
      by: 'docker exec',
      reason: 'it has no process that is seen from this host',
    });
    expect(sample.sockets?.listeners.map(({ port }) => port)).toContain(5432);
    expect(sample.kernel?.counters['Tcp.OutSegs']).not.toBeNull();
    expect(sample.interfaces?.map(({ name, mtu }) => [name, mtu])).toContainEqual(['eth0', 1500]);
    expect(sample.routes?.find(({ destination }) => destination === '0.0.0.0/0')).toBeDefined();
    expect(sample.resolver).toMatchObject({ nameservers: ['127.0.0.11'] });
  });

  it('without a shell are looked into by a container that joins their network, if its image is there', async () => {
    const there = await hasImage(dockerOf(engine), toolboxRecipe().tag);
    if (!there) {
      await expect(look(bare)).rejects.toThrow('the toolbox image is not there');
      return;
    }
    const sample = await look(bare);
    expect(sample.means.by).toBe('toolbox container');
    expect(sample.interfaces?.map(({ name }) => name).sort()).toEqual(['eth0', 'lo']);
    expect(sample.resolver).toMatchObject({ nameservers: ['127.0.0.11'] });
    expect(docker('ps', '-q', '--filter', `label=faultline.look=${bare}`)).toBe('');
  });

  it('try whom they reach from a container that joins their network', async () => {
    const address = docker(
      'inspect',
      '-f',
      '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
      plain,
    );
    const probe = createMatrixProbe({
      sources: [{ name: bare, pid: null }],
      targets: [5432, 5433].map((port) => ({ name: `plain:${port}`, address, port })),
      knockElsewhere: programs().knock,
    });
    const { cells, sources } = await runProbe(probe);
    if (!(await hasImage(dockerOf(engine), toolboxRecipe().tag))) {
      expect(cells[0]).toMatchObject({ outcome: 'unmeasured' });
      return;
    }
    expect(cells.map(({ outcome }) => outcome)).toEqual(['connected', 'refused']);
    expect(cells[0]?.ms).toBeGreaterThan(0);
    expect(sources[0]?.means.by).toBe('toolbox container');
  });
});
