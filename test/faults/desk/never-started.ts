import type Docker from 'dockerode';
import { until } from '../../helpers/until.js';

/** A live console starts what it made long before (ms). */
const STARTED_MS = 10_000;

/**
 * Removes what consoles left that were killed between making a container and starting it, as the next console does
 * after two minutes: the daemon removes by itself only what ran. What is young may be a live console's: it is waited for
 * until it is started, gone, or old.
 */
export async function removeNeverStarted(docker: Docker): Promise<void> {
  const made = async () => {
    const all = await docker.listContainers({ all: true, filters: { status: ['created'] } });
    return all.filter(({ Labels }) => 'faultline.look' in Labels || 'faultline.fault' in Labels);
  };
  const isOld = ({ Created }: { readonly Created: number }): boolean =>
    Date.now() - 1_000 * Created > STARTED_MS;
  await until('what was made is started, gone or old', async () => (await made()).every(isOld));
  for (const { Id } of await made())
    await docker
      .getContainer(Id)
      .remove({ force: true })
      .catch(() => {});
}
