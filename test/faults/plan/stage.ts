import type {
  HostMeans,
  InsideFacts,
  Surroundings,
  TargetFacts,
} from '../../../source/faults/plan/surroundings.js';

export const TARGET_ID = 'ab'.repeat(32);

const means: HostMeans = {
  netem: 'Specified qdisc kind is unknown',
  tbf: null,
  nft: null,
  nftQueue: 'No such file or directory',
  iptablesNft: null,
  iptablesLegacy: null,
  egress: null,
};

const inside: InsideFacts = {
  links: [{ name: 'eth0', queueLength: 0, rootQdisc: 'noqueue', rootHandle: '0:' }],
  chains: [],
  processes: [
    { pid: 1, parent: 0, uid: 33, gid: 33, openFiles: { soft: 1024, hard: 4096 }, oomScoreAdj: -7 },
  ],
};

const target: TargetFacts = {
  identity: { id: TARGET_ID, name: 'web', startedAt: '2026-01-01T00:00:00Z', network: null },
  running: true,
  paused: false,
  autoRemove: false,
  orchestrated: false,
  network: 'own',
  networks: [
    {
      name: 'lab',
      id: 'n1',
      ipv4: '172.18.0.5',
      ipv6: '',
      gateway: '172.18.0.1',
      aliases: ['web'],
      links: [],
      driverOpts: {},
    },
  ],
  limits: { nanoCpus: 0, cpuQuota: 0, cpuPeriod: 0, memory: 0, memorySwap: 0, memoryReservation: 0 },
  memoryInUse: 10 << 20,
};

/** A usual container on a machine without netem and nft queue, with what a test says otherwise. */
export function surroundings(
  other: {
    readonly target?: Partial<TargetFacts>;
    readonly means?: Partial<HostMeans>;
    readonly inside?: Partial<InsideFacts>;
  } = {},
): Surroundings {
  return {
    id: 'fabc123',
    ttlMs: 30_000,
    target: { ...target, ...other.target },
    means: { ...means, ...other.means },
    inside: { ...inside, ...other.inside },
  };
}
