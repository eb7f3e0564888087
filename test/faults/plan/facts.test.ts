import type { ContainerInspectInfo } from 'dockerode';
import { describe, expect, it } from 'vitest';
import { inspectedTarget } from '../../../source/faults/observe/target.js';
import { insideFacts } from '../../../source/faults/plan/looks.js';
import { memoryInUse } from '../../../source/faults/plan/surroundings.js';

const ID = 'ab'.repeat(32);
/** As Docker 20.10 inspects a container; what is not read is left out. */
const inspected = {
  Id: ID,
  Name: '/web',
  State: { Running: true, Paused: false, Restarting: false, StartedAt: '2026-01-01T00:00:00Z' },
  Config: { Labels: { 'com.docker.swarm.task.id': 'x' } },
  HostConfig: {
    NetworkMode: 'lab',
    AutoRemove: false,
    Memory: 2 ** 63 - 4096,
    MemorySwap: -1,
    NanoCpus: 5e8,
  },
  NetworkSettings: {
    Networks: {
      lab: {
        NetworkID: 'n1',
        IPAddress: '172.18.0.5',
        GlobalIPv6Address: '',
        Gateway: '172.18.0.1',
        Aliases: ['web', ID.slice(0, 12), 'web'],
        Links: null,
        DriverOpts: null,
      },
    },
  },
} as unknown as ContainerInspectInfo;

describe('what the daemon says of a target', () => {
  it('is told without what the daemon adds itself', () => {
    const facts = inspectedTarget(inspected);
    expect(facts).toMatchObject({ network: 'own', orchestrated: true, running: true });
    expect(facts.networks[0]).toMatchObject({
      gateway: '172.18.0.1',
      asked: { aliases: ['web'], links: [] },
    });
    expect(facts.limits).toMatchObject({ nanoCpus: 5e8, memory: 0, memorySwap: -1, cpuQuota: 0 });
  });

  it.each([
    ['host', 'host'],
    ['none', 'none'],
    [`container:${ID}`, { container: ID }],
    ['default', 'own'],
  ])('network mode %s', (NetworkMode, network) => {
    const HostConfig = { ...inspected.HostConfig, NetworkMode };
    expect(inspectedTarget({ ...inspected, HostConfig }).network).toEqual(network);
  });
});

it('memory in use is without file pages, shared memory aside (cgroup v1 and v2)', () => {
  expect(memoryInUse({ usage: 100, stats: { total_cache: 60, total_shmem: 10 } })).toBe(50);
  expect(memoryInUse({ usage: 100, stats: { file: 30 } })).toBe(70);
  expect(memoryInUse({})).toBeNull();
});

it('what the programs inside say becomes links, chains and processes', () => {
  const facts = insideFacts({
    links: [
      { ifname: 'lo', flags: ['LOOPBACK', 'UP'], txqlen: 1000 },
      { ifname: 'eth0', flags: ['BROADCAST', 'UP'] },
    ],
    qdiscs: [{ dev: 'eth0', kind: 'noqueue', handle: '0:', root: true }],
    chains: { nftables: [{ metainfo: {} }, { chain: { family: 'ip', table: 'mangle', name: 'OUTPUT' } }] },
    processes: [],
  });
  expect(facts.links).toEqual([{ name: 'eth0', queueLength: 0, rootQdisc: 'noqueue', rootHandle: '0:' }]);
  expect(facts.chains).toEqual(['ip mangle', 'ip mangle OUTPUT']);
});
