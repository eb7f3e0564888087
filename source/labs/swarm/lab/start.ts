import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { DockerEngine } from '../../../engines/docker/docker-engine.js';
import { ensureImage } from '../../../engines/docker/images/ensure-image.js';
import { toolboxRecipe } from '../../../engines/docker/images/toolbox-image.js';
import { reasonOf } from '../../../engines/docker/link/deadline.js';
import { LAB_LABEL } from '../../../engines/docker/swarm/labelled.js';
import { beforeSwarm, makeSwarm, membershipOf } from '../../../engines/docker/swarm/membership.js';
import { close as crossOut, record } from '../../../faults/desk/journal.js';
import { undoDeadSwarms } from '../../../faults/desk/undo.js';
import { undoSwarmStep } from '../../../faults/desk/undo-swarm.js';
import { decodeTasks } from '../../../probes/swarm/decode.js';
import { startClient } from './client.js';
import { tryEndpoint } from './endpoint-mode.js';
import { type LabKeeper, startKeeper } from './keeper.js';
import { runningLab } from './running-lab.js';
import { serviceSpec } from './service.js';
import { REPLICAS, type SwarmLab } from './swarm-lab.js';

/** For all replicas to run (ms): the image is there, so this is making networks and starting containers. */
const START_MS = 60_000;
const LOOK_MS = 200;

/** Why there can be no Swarm lab here, and what would make it possible. */
export class NoSwarm extends Error {}

export interface SwarmLabOptions {
  readonly engine: DockerEngine;
  readonly progress: (text: string, share: number | null) => void;
  readonly signal: AbortSignal;
}

/**
 * Starts one small service of two replicas on this daemon's swarm, or on one that is made for it where the daemon is
 * in none. Swarm labs of dead processes are removed first. Rejects with NoSwarm where the daemon cannot manage
 * services, and with what failed; then nothing is left of the start.
 */
export async function startSwarmLab({ engine, progress, signal }: SwarmLabOptions): Promise<SwarmLab> {
  const { docker, availability } = engine;
  if (docker === null || availability.state !== 'available') {
    const trouble = engine.trouble();
    throw new NoSwarm(trouble ? `${trouble.reason}. Try: ${trouble.mend}` : 'Docker is not available');
  }
  await undoDeadSwarms();
  const image = await ensureImage(toolboxRecipe(), { docker, progress, signal });
  const membership = await membershipOf(docker);
  if (membership.state === 'unfit') throw new NoSwarm(`${membership.reason}. Try: ${membership.mend}`);
  const hex = randomBytes(2).toString('hex');
  const lab = { id: `swarm-${hex}`, name: `canary-${hex}`, image };
  const made = membership.state === 'none' ? await beforeSwarm(docker) : null;
  const endpoint = availability.endpoint;
  const entry = record({
    scenario: 'swarm-lab',
    substrate: 'docker',
    target: { lab: lab.id, workload: lab.name, process: null },
    what: made === null ? `service ${lab.name}` : `a swarm of this node alone, with service ${lab.name}`,
    undo: [{ kind: 'swarm-lab', endpoint, lab: lab.id, made }],
  });
  let keeper: LabKeeper | undefined;
  const remove = async (): Promise<readonly string[]> => {
    const done = await undoSwarmStep({ kind: 'swarm-lab', endpoint, lab: lab.id, made }, entry);
    if (done.outcome === 'left') return [done.detail];
    crossOut(entry.id);
    return (await keeper?.done()) === false ? [`container ${lab.name}-keeper`] : [];
  };
  try {
    if (made !== null) {
      progress('making a swarm of this node', 0.1);
      await makeSwarm(docker, lab.id);
    }
    keeper = await startKeeper(docker, lab, { endpoint, made });
    progress(`starting ${REPLICAS} replicas of ${lab.name}`, 0.2);
    await createNetwork(docker, lab);
    let service = await createService(docker, lab, 'vip');
    await untilRunning(docker, service, signal);
    progress('trying how the service is reached', 0.6);
    const found = await tryEndpoint(docker, lab);
    signal.throwIfAborted();
    if (found.mode === 'dnsrr') {
      // Docker's DNS goes on giving the virtual IP of a service whose mode is updated (measured with 20.10).
      await docker.getService(service).remove();
      service = await createService(docker, lab, 'dnsrr');
      await untilRunning(docker, service, signal);
    }
    const client = await startClient(docker, lab, lab.name);
    progress('the lab is up', 1);
    return runningLab({
      docker,
      endpointAddress: endpoint,
      lab: {
        ...lab,
        service: { id: service, name: lab.name },
        endpoint: found,
        ownSwarm: made !== null,
        client,
      },
      remove,
    });
  } catch (error) {
    const left = await remove();
    if (signal.aborted) throw signal.reason;
    const why = reasonOf(error);
    throw new Error(left.length === 0 ? why : `${why}; and it left behind: ${left.join('; ')}`);
  }
}

async function createNetwork(
  docker: Docker,
  lab: { readonly id: string; readonly name: string },
): Promise<void> {
  await docker.createNetwork({
    Name: lab.name,
    Driver: 'overlay',
    Attachable: true,
    Labels: { [LAB_LABEL]: lab.id },
  });
}

async function createService(
  docker: Docker,
  lab: { readonly id: string; readonly name: string; readonly image: string },
  mode: 'vip' | 'dnsrr',
): Promise<string> {
  const created = await docker.createService(serviceSpec(lab, mode) as never);
  return created.id;
}

async function untilRunning(docker: Docker, service: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + START_MS;
  for (;;) {
    signal.throwIfAborted();
    const tasks = decodeTasks((await docker.listTasks({ filters: { service: [service] } })) as never);
    if (tasks.filter((task) => task.state === 'running').length >= REPLICAS) return;
    if (performance.now() > end) {
      const said =
        tasks.find((task) => task.error !== null)?.error ??
        `its tasks are ${tasks.map((task) => task.state).join(', ')}`;
      throw new Error(`the service did not run within ${START_MS / 1000} s: ${said}`);
    }
    await sleep(LOOK_MS, undefined, { signal });
  }
}
