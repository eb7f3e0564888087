import type { DockerLab } from '../source/labs/lab.js';

/** Starts a container of the lab that has ended; does nothing when it runs. */
export async function startAgain(lab: DockerLab, name: string): Promise<void> {
  const full = lab.container(name);
  const one = lab.engine.list().find((container) => container.name === full);
  if (one?.state === 'exited') await lab.engine.start(full);
}
