import type { DockerContainer } from '../../../source/engines/docker/containers/docker-container.js';
import type { CgroupReading } from '../../../source/linux/cgroup/cgroup-reading.js';

export const ID = 'a'.repeat(64);

/** A running container as its daemon tells of it. */
export function container(over: Partial<DockerContainer> = {}): DockerContainer {
  return {
    id: ID,
    name: 'shop-web-1',
    state: 'running',
    status: 'running',
    health: 'none',
    pid: 4_711,
    startedAt: 1_000,
    restarts: 0,
    lastExit: null,
    image: 'web:1',
    labels: {},
    composeProject: 'shop',
    composeService: 'web',
    group: 'web',
    networks: [{ name: 'shop_default', address: '172.20.0.5' }],
    networkMode: 'shop_default',
    publishedPorts: [],
    ports: [],
    limits: { memoryBytes: 64 * 2 ** 20, cpus: 0.2, pids: null },
    restartPolicy: 'no',
    oomKills: 0,
    tty: false,
    detailed: true,
    ...over,
  };
}

interface Counters {
  readonly usageUs?: number;
  readonly periods?: number;
  readonly throttledPeriods?: number;
  readonly oomKills?: number;
  readonly limitCores?: number | null;
}

/** A reading of version 2 with these counters. */
export function reading(counters: Counters = {}): CgroupReading {
  const { usageUs = 0, periods = 0, throttledPeriods = 0, oomKills = 0, limitCores = 0.2 } = counters;
  return {
    version: 2,
    cpu: { usageUs, limitCores, periods, throttledPeriods, throttledUs: 7_000 },
    memory: {
      usageBytes: 50 * 2 ** 20,
      workingSetBytes: 32 * 2 ** 20,
      limitBytes: 64 * 2 ** 20,
      oomKills,
      limitHits: 0,
    },
    pids: { current: 3, max: null, refused: 0 },
  };
}
