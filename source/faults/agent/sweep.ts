import type Docker from 'dockerode';
import { withDeadline } from '../../engines/docker/link/deadline.js';
import { CALL_MS, removeContainer } from './toolbox.js';

/** Labels of what runs from the toolbox for a moment, or for a fault. */
const LABELS = ['faultline.look', 'faultline.fault'];
/** Seconds after which one that does not run was left by a console that was killed between making and starting it. */
const LEFT_AFTER_S = 120;

/**
 * Removes containers of the toolbox that do not run and never will: the daemon removes only those that ran. What they
 * had to undo is in the journal. Says how many. Rejects when the daemon cannot be asked.
 */
export async function sweepToolbox(docker: Docker): Promise<number> {
  const stale = await Promise.all(
    LABELS.map(async (label) => {
      const filters = { label: [label], status: ['created', 'exited', 'dead'] };
      const listed = await withDeadline(CALL_MS, (abortSignal) =>
        docker.listContainers({ all: true, filters, abortSignal }),
      );
      return listed.filter(({ Created }) => Date.now() / 1_000 - Created > LEFT_AFTER_S).map(({ Id }) => Id);
    }),
  );
  const ids = [...new Set(stale.flat())];
  for (const id of ids) await removeContainer(docker, id);
  return ids.length;
}
