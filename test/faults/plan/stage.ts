import type { InspectedTarget } from '../../../source/faults/observe/target.js';
import type { HostMeans, InsideFacts } from '../../../source/faults/plan/looks.js';
import type { Surroundings } from '../../../source/faults/plan/surroundings.js';

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

const target: InspectedTarget = {
  identity: { id: TARGET_ID, name: 'web', startedAt: '2026-01-01T00:00:00Z', network: null },
  labelled: true,
  running: true,
  restarting: false,
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
      asked: { ipam: {}, aliases: ['web'], links: [], driverOpts: {}, gatewayPriority: 0 },
    },
  ],
  limits: { nanoCpus: 0, cpuQuota: 0, cpuPeriod: 0, memory: 0, memorySwap: 0, memoryReservation: 0 },
  sections: {},
};

/** A usual container on a machine without netem and nft queue, with what a test says otherwise. */
export function surroundings(
  other: {
    readonly target?: Partial<InspectedTarget>;
    readonly means?: Partial<HostMeans>;
    readonly inside?: Partial<InsideFacts>;
    readonly memoryInUse?: number;
  } = {},
): Surroundings {
  return {
    id: 'fabc123',
    ttlMs: 30_000,
    target: { ...target, ...other.target },
    means: { ...means, ...other.means },
    inside: { ...inside, ...other.inside },
    memoryInUse: other.memoryInUse ?? 10 << 20,
  };
}
