import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { ensureImage } from '../../../source/engines/docker/images/ensure-image.js';
import { toolboxRecipe } from '../../../source/engines/docker/images/toolbox-image.js';
import type { FaultDesk } from '../../../source/faults/desk/fault-desk.js';
import { createFaultDesk } from '../../../source/faults/desk/fault-desk.js';
import { openEntries } from '../../../source/faults/desk/journal.js';
import type { Snapshot } from '../../../source/faults/fault-plan.js';
import { observeTarget } from '../../../source/faults/observe/observe-target.js';
import { inspectTarget } from '../../../source/faults/observe/target.js';
import { connected, dockerOf } from '../../engines/docker/real-docker.js';
import { handPlanner } from './hand-planner.js';
import { removeNeverStarted } from './never-started.js';

/** Targets on a network of their own, a journal of their own, and desks; everything goes with `close`. */
export interface FaultStage {
  readonly engine: DockerEngine;
  readonly docker: Docker;
  readonly image: string;
  readonly network: string;
  /** Starts a target and gives its name. */
  target(labels?: Record<string, string>, restart?: 'always' | 'no'): Promise<string>;
  /** The one desk of the stage, or another that stands for another console. */
  desk(another?: 'another'): FaultDesk;
  snapshot(name: string): Promise<Snapshot>;
  /** Runs a program in a target's network with the rights of an administrator; its output. */
  inside(name: string, ...command: string[]): Promise<string>;
  openFaults(): number;
  close(): Promise<void>;
}

export async function openStage(host?: string): Promise<FaultStage> {
  const stage = `faultline-test-faults-${randomBytes(4).toString('hex')}`;
  const state = mkdtempSync(join(tmpdir(), 'faultline-faults-'));
  process.env.FAULTLINE_STATE_DIR = state;
  const engine = await connected(host === undefined ? {} : { host });
  const docker = dockerOf(engine);
  const image = await ensureImage(toolboxRecipe(), { docker });
  // A daemon without iptables has no bridges.
  if (host === undefined) await docker.createNetwork({ Name: stage });
  const labels = { 'faultline.test': stage };
  const desks: FaultDesk[] = [];
  let count = 0;

  const create = (name: string, command: string[], extra: Docker.ContainerCreateOptions) =>
    docker.createContainer({ name, Image: image, Cmd: command, StopTimeout: 1, ...extra });

  return {
    engine,
    docker,
    image,
    network: stage,
    async target(more = { 'faultline.target': 'true' }, restart = 'no') {
      count += 1;
      const name = `${stage}-${count}`;
      const mode = host === undefined ? stage : 'none';
      // With an init of the daemon's the sleeper ends at the first signal.
      const HostConfig = { NetworkMode: mode, Init: true, RestartPolicy: { Name: restart } };
      const made = await create(name, ['sleep', '600'], { Labels: { ...labels, ...more }, HostConfig });
      await made.start();
      return name;
    },
    desk(another) {
      const [first] = desks;
      if (first !== undefined && another === undefined) return first;
      const desk = createFaultDesk({ engine, planner: handPlanner, image });
      desks.push(desk);
      return desk;
    },
    async snapshot(name) {
      const target = await inspectTarget(docker, name);
      if (target === null) throw new Error(`${name} is not there`);
      return (await observeTarget({ docker, image }, target)).snapshot;
    },
    async inside(name, ...command) {
      const HostConfig = { NetworkMode: `container:${name}`, CapAdd: ['NET_ADMIN'] };
      const helper = await create(`${name}-${randomBytes(3).toString('hex')}`, command, {
        Labels: labels,
        HostConfig,
      });
      await helper.start();
      await helper.wait();
      const output = (await helper.logs({ stdout: true, stderr: true })) as unknown as Buffer;
      await helper.remove({ force: true });
      return output.toString('latin1').replace(/[\x00-\x08]/g, '');
    },
    openFaults: () => openEntries().entries.length,
    async close() {
      for (const desk of desks) await desk.close();
      const mine = await docker.listContainers({
        all: true,
        filters: { label: [`faultline.test=${stage}`] },
      });
      await Promise.all(
        mine.map(({ Id }) =>
          docker
            .getContainer(Id)
            .remove({ force: true })
            .catch(() => {}),
        ),
      );
      await docker
        .getNetwork(stage)
        .remove()
        .catch(() => {});
      await removeNeverStarted(docker);
      await engine.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
}
