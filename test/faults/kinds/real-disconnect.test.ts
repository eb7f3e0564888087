import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { ensureImage } from '../../../source/engines/docker/images/ensure-image.js';
import { toolboxRecipe } from '../../../source/engines/docker/images/toolbox-image.js';
import { createFaultDesk, type FaultDesk } from '../../../source/faults/desk/fault-desk.js';
import { snapshotDifference } from '../../../source/faults/observe/difference.js';
import { inspectTarget } from '../../../source/faults/observe/target.js';
import { connected, dockerOf, notRun, whyNoDocker } from '../../engines/docker/real-docker.js';

const reason = await whyNoDocker();
const STAGE = `faultline-test-disconnect-${randomBytes(3).toString('hex')}`;
/** Of the addresses for documentation of benchmarks (RFC 2544): no network of this machine has them. */
const NET = `198.18.${process.pid % 250}`;
const LABELS = { 'faultline.test': STAGE, 'faultline.target': 'true' };

if (reason !== null) notRun('disconnect on networks with a subnet', reason);
else
  describe('disconnect gives back the settings that it found', () => {
    let engine: DockerEngine;
    let docker: Docker;
    let desk: FaultDesk;
    let image = '';
    const made: Docker.Container[] = [];
    const state = mkdtempSync(join(tmpdir(), 'faultline-disconnect-'));

    beforeAll(async () => {
      process.env.FAULTLINE_STATE_DIR = state;
      engine = await connected();
      docker = dockerOf(engine);
      image = await ensureImage(toolboxRecipe(), { docker });
      await docker.createNetwork({ Name: STAGE, IPAM: { Config: [{ Subnet: `${NET}.0/24` }] } });
      desk = createFaultDesk({ engine, image });
    });

    afterAll(async () => {
      await desk.close();
      for (const container of made) await container.remove({ force: true });
      await docker.getNetwork(STAGE).remove();
      await engine.close();
      rmSync(state, { recursive: true, force: true });
    });

    async function start(name: string, settings: Docker.EndpointSettings = {}): Promise<Docker.Container> {
      const container = await docker.createContainer({
        name: `${STAGE}-${name}`,
        Image: image,
        Cmd: ['sleep', '600'],
        Labels: LABELS,
        HostConfig: { NetworkMode: STAGE, Init: true },
        NetworkingConfig: { EndpointsConfig: { [STAGE]: settings } },
      });
      made.push(container);
      await container.start();
      return container;
    }

    const settingsOf = async (container: Docker.Container) => {
      const { NetworkSettings } = await container.inspect();
      const { IPAMConfig, IPAddress, Aliases, Links, DriverOpts } = NetworkSettings.Networks[
        STAGE
      ] as unknown as Record<string, unknown>;
      return { IPAMConfig, IPAddress, Aliases, Links, DriverOpts };
    };

    async function offAndOn(container: Docker.Container): Promise<void> {
      const fault = await desk.inject(
        { kind: 'disconnect', target: container.id, network: STAGE },
        { scenario: 'test', ttlMs: 60_000 },
      );
      expect(fault.effect).toMatchObject({ verdict: 'Confirmed' });
      expect(await desk.undo(fault.plan.id)).toMatchObject({ clean: true, residue: [] });
    }

    it('an address that nobody asked for is not pinned: it starts later although another has it', async () => {
      const container = await start('free', { Aliases: ['shop', 'web'] } as never);
      const before = await settingsOf(container);
      expect(before.IPAMConfig ?? {}).toEqual({});
      await offAndOn(container);
      const after = await settingsOf(container);
      expect({ ...after, IPAMConfig: after.IPAMConfig ?? {} }).toEqual({ ...before, IPAMConfig: {} });
      await container.stop({ t: 0 });
      await start('taker', { IPAMConfig: { IPv4Address: before.IPAddress as string } });
      await container.start();
      expect((await settingsOf(container)).IPAddress).not.toBe(before.IPAddress);
    });

    it('an address that was asked for is asked for again, with names and options', async () => {
      const container = await start('fixed', {
        IPAMConfig: { IPv4Address: `${NET}.77` },
        Aliases: ['db'],
        DriverOpts: { 'faultline.test.option': 'kept' },
      } as never);
      const before = await settingsOf(container);
      expect(before.IPAMConfig).toEqual({ IPv4Address: `${NET}.77` });
      await offAndOn(container);
      expect(await settingsOf(container)).toEqual(before);
    });

    it('a pinned address is a difference of the snapshot', async () => {
      const container = await start('pinned');
      const seen = async () => (await inspectTarget(docker, container.id))?.sections ?? {};
      const before = await seen();
      const { IPAddress } = await settingsOf(container);
      const network = docker.getNetwork(STAGE);
      await network.disconnect({ Container: container.id });
      await network.connect({
        Container: container.id,
        EndpointConfig: { IPAMConfig: { IPv4Address: IPAddress as string } },
      });
      expect(snapshotDifference(before, await seen())).toEqual([
        `network settings: gone: ${STAGE} address none links none options none`,
        `network settings: new: ${STAGE} address IPv4Address=${IPAddress} links none options none`,
      ]);
    });
  });
