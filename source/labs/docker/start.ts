import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { DockerEngine } from '../../engines/docker/docker-engine.js';
import { troubleText } from '../../engines/docker/endpoint/endpoint.js';
import { ensureImage } from '../../engines/docker/images/ensure-image.js';
import type { Availability } from '../../engines/docker/link/availability.js';
import { LAB_LABEL, removeLabelled } from '../../engines/docker/swarm/labelled.js';
import { stateFolder } from '../../engines/embedded/state-directory.js';
import { createFaultDesk } from '../../faults/desk/fault-desk.js';
import { labRecipe } from '../images/lab-image.js';
import type { DockerLab, LabProgress } from '../lab.js';
import { bestAddresses, publishedAddresses } from './addresses.js';
import { casualties } from './casualties.js';
import type { LabPlan } from './container-options.js';
import { freePorts } from './free-ports.js';
import { MEMBERS } from './members.js';
import { untilReady } from './readiness.js';
import { reapDeadDockerLabs } from './remove.js';
import { runningDockerLab } from './running-docker-lab.js';
import { startContainers } from './start-containers.js';
import { createNetwork } from './subnet.js';

export interface DockerLabOptions {
  readonly progress: LabProgress;
  /** Aborting gives the start up and cleans up; after the start it does nothing. */
  readonly signal?: AbortSignal;
  /** A Docker host as people write it; absent: what the environment, the contexts and the system say. */
  readonly host?: string;
}

/** Docker cannot be asked; the message says where, why, and what mends it. */
export class NoDocker extends Error {
  override readonly name = 'NoDocker';
}

/**
 * Starts the lab of containers, in 3 to 5 s once its image is there (about 30 s to make it, once). Labs that a dead
 * console of this host left behind are removed first. Rejects with `NoDocker`, or with an Error that names the cause,
 * or with the signal's reason; then nothing is left of the start.
 */
export async function startDockerLab(options: DockerLabOptions): Promise<DockerLab> {
  const { signal, progress } = options;
  signal?.throwIfAborted();
  // Faults are written down there: refused before anything is made, not when the lab stands.
  stateFolder('journal');
  const id = randomBytes(3).toString('hex');
  const engine = new DockerEngine({
    ...(options.host === undefined ? {} : { host: options.host }),
    label: [LAB_LABEL, id],
  });
  try {
    progress({ text: 'asking Docker', share: 0 });
    const docker = await connected(engine);
    progress({ text: 'removing labs of dead consoles', share: 0.02 });
    await reapDeadDockerLabs(docker);
    const image = await ensureImage(labRecipe(), {
      docker,
      progress: (text, share) => progress({ text, share: 0.05 + 0.7 * (share ?? 0) }),
      ...(signal ? { signal } : {}),
    });
    try {
      return await startLab(docker, engine, id, image, options);
    } catch (error) {
      const ended = signal?.aborted ? undefined : await casualties(docker, id);
      await removeLabelled(docker, id).catch(() => {});
      throw ended === undefined
        ? error
        : new Error(`${(error as Error).message}; ${ended}`, { cause: error });
    }
  } catch (error) {
    await engine.close();
    throw signal?.aborted ? signal.reason : error;
  }
}

async function connected(engine: DockerEngine): Promise<Docker> {
  const verdict = await engine.settled();
  if (verdict.state === 'unavailable') throw new NoDocker(troubleText(verdict.trouble));
  if (!isOfThisMachine(verdict))
    throw new NoDocker('the Docker lab needs a daemon of this machine: its ports are published on 127.0.0.1');
  if (engine.docker === null) throw new NoDocker('Docker was lost as soon as it answered');
  return engine.docker;
}

/** A socket of this machine, a port of its loopback (Docker Desktop's virtual machine publishes on it, too). */
const isOfThisMachine = (verdict: Availability): boolean =>
  verdict.state === 'available' &&
  /^(unix:|npipe:|(tcp|http|https):\/\/(127\.|localhost|\[::1\]))/.test(verdict.endpoint);

async function startLab(
  docker: Docker,
  engine: DockerEngine,
  id: string,
  image: string,
  { progress, signal }: DockerLabOptions,
): Promise<DockerLab> {
  progress({ text: 'making the network', share: 0.78 });
  const network = await createNetwork(docker, id, signal);
  const [app, resolver, database, cache] = (await freePorts(4)) as [number, number, number, number];
  const plan: LabPlan = {
    id,
    image,
    network,
    ports: { app, resolver, database, cache },
    database: {
      database: 'tododb',
      user: 'todouser',
      password: secret(),
      superuser: 'postgres',
      superuserPassword: secret(),
    },
  };
  const published = publishedAddresses(plan);
  progress({ text: `starting ${MEMBERS.length} containers`, share: 0.8 });
  const names = await startContainers(docker, plan, signal);
  progress({ text: 'waiting until the application answers', share: 0.9 });
  await untilReady(published.appUrl, published.resolver, signal);
  const addresses = await bestAddresses(plan, published);
  const lab = runningDockerLab({
    engine,
    docker,
    desk: createFaultDesk({ engine }),
    plan,
    names,
    addresses,
  });
  progress({ text: 'the lab is up', share: 1 });
  return lab;
}

function secret(): string {
  return randomBytes(18).toString('base64url');
}
