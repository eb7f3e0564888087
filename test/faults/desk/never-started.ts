import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';

/** A live console starts what it made long before (ms). */
const STARTED_MS = 10_000;

/**
 * Removes what consoles left that were killed between making a container and starting it, as the next console does
 * after two minutes: the daemon removes by itself only what ran.
 */
export async function removeNeverStarted(docker: Docker): Promise<void> {
  const made = async (): Promise<string[]> => {
    const all = await docker.listContainers({ all: true, filters: { status: ['created'] } });
    return all
      .filter(({ Labels }) => 'faultline.look' in Labels || 'faultline.fault' in Labels)
      .map(({ Id }) => Id);
  };
  const first = await made();
  if (first.length === 0) return;
  await sleep(STARTED_MS);
  const left = await made();
  for (const id of first.filter((one) => left.includes(one)))
    await docker
      .getContainer(id)
      .remove({ force: true })
      .catch(() => {});
}
