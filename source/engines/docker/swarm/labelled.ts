import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { reasonOf, statusOf } from '../link/deadline.js';

/** Label of all that a lab made; its value is the lab's id. */
export const LAB_LABEL = 'faultline.lab';

type Filters = { readonly label: string[] };

/** A removed service's tasks hold its network until they are gone: that is waited for this long (ms). */
const PATIENCE_MS = 30_000;
const LOOK_MS = 200;

/**
 * Removes every service, container and network of a lab and resolves to what is left, one line each; empty is clean.
 * Safe where nothing is left. Rejects when the daemon cannot be asked.
 */
export async function removeLabelled(docker: Docker, lab: string): Promise<readonly string[]> {
  const filters = { label: [`${LAB_LABEL}=${lab}`] };
  const inSwarm = await listServices(docker, filters);
  for (const { ID } of inSwarm) await gone(docker.getService(ID).remove());
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const left = await removeRest(docker, filters);
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(LOOK_MS);
  }
}

async function removeRest(docker: Docker, filters: Filters): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { Id, Names, Labels } of await docker.listContainers({ all: true, filters })) {
    // The container of a task belongs to Swarm, which stops it in its own time.
    if (!Labels['com.docker.swarm.task.id']) await gone(docker.getContainer(Id).remove({ force: true }));
    else left.push(`container ${Names[0]?.slice(1) ?? Id.slice(0, 12)}`);
  }
  for (const network of await docker.listNetworks({ filters })) {
    const why = await gone(docker.getNetwork(network.Id).remove());
    if (why !== null) left.push(`network ${network.Name}: ${why}`);
  }
  return left;
}

/** Services of a daemon that is in no swarm are none. */
async function listServices(docker: Docker, filters: Filters): Promise<readonly { readonly ID: string }[]> {
  try {
    return await docker.listServices({ filters });
  } catch (error) {
    if (statusOf(error) === 503 || statusOf(error) === 406) return [];
    throw new Error(`services: ${reasonOf(error)}`);
  }
}

/** Why it could not be removed, or null when it is gone. */
async function gone(removal: Promise<unknown>): Promise<string | null> {
  try {
    await removal;
    return null;
  } catch (error) {
    return statusOf(error) === 404 ? null : reasonOf(error);
  }
}
