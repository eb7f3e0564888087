import type { SwarmSample, SwarmService, SwarmTask } from '../../source/probes/samples.js';

export function task(id: string, part: Partial<SwarmTask> = {}): SwarmTask {
  return {
    id,
    slot: 1,
    state: 'running',
    desired: 'running',
    createdAt: 0,
    changedAt: 0,
    container: id.padEnd(64, '0'),
    exitCode: null,
    error: null,
    node: 'node',
    ...part,
  };
}

/** How Swarm tells of a task whose container was killed. */
export const FAILED = {
  state: 'failed',
  desired: 'shutdown',
  exitCode: 137,
  error: 'task: non-zero exit (137)',
} as const;

export function swarmService(name: string, part: Partial<SwarmService> = {}): SwarmService {
  return {
    id: `id-of-${name}`,
    name,
    image: 'shop:1',
    desired: 2,
    running: 2,
    tasks: [],
    replacedInMs: null,
    limits: { cpus: 0.3, memoryBytes: 384 * 1024 * 1024 },
    updateState: null,
    updateMessage: null,
    endpointMode: 'vip',
    ...part,
  };
}

export const swarm = (...services: readonly SwarmService[]): SwarmSample => ({
  services,
  nodes: { ready: 1, total: 1 },
});
