import type { Experiment } from './experiment.js';
import { containerKill } from './experiments/container-kill.js';
import { cpuLimit } from './experiments/cpu-limit.js';
import { memoryLimit } from './experiments/memory-limit.js';

/** The experiments on a Swarm service, in the order of the findings document they follow. */
export const swarmExperiments: readonly Experiment[] = [containerKill, cpuLimit, memoryLimit];
