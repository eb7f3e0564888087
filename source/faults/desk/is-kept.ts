import type Docker from 'dockerode';
import { withDeadline } from '../../engines/docker/link/deadline.js';
import { CALL_MS, isGone } from '../agent/toolbox.js';

/** Whether a keeper's container runs. Rejects when the daemon cannot be asked. */
export async function isKept(docker: Docker, name: string): Promise<boolean> {
  try {
    const info = await withDeadline(CALL_MS, (abortSignal) =>
      docker.getContainer(name).inspect({ abortSignal }),
    );
    return info.State.Running;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
