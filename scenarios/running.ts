import type { EmbeddedLab } from '../source/labs/lab.js';

/** Makes a workload of the lab run again, whatever became of it; does nothing when it runs. */
export async function ensureRunning(lab: EmbeddedLab, name: string): Promise<void> {
  const workload = lab.engine.list().find((one) => one.name === name);
  if (workload?.state === 'paused') await lab.engine.unpause(name);
  else if (workload?.state === 'exited') await lab.engine.start(name);
}
