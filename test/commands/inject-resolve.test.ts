import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import type { TypedFault } from '../../source/commands/inject/parse-fault.js';
import { resolveFault } from '../../source/commands/inject/resolve-fault.js';

const container = (name: string, networks: Record<string, string>, labels = {}) => ({
  Id: name.repeat(8),
  Name: `/${name}`,
  State: { StartedAt: '2026-01-01T00:00:00Z', Status: 'running', Running: true },
  HostConfig: {},
  Config: { Labels: labels },
  NetworkSettings: {
    Networks: Object.fromEntries(Object.entries(networks).map(([net, IPAddress]) => [net, { IPAddress }])),
  },
});
const all = [
  container('web', { front: '10.0.0.5', back: '10.1.0.5' }, { 'faultline.target': 'true' }),
  container('db', { back: '10.1.0.9', other: '10.9.0.9' }),
  container('stopped', { back: '' }),
];
const docker = {
  getContainer: (name: string) => ({
    inspect: async () => {
      const found = all.find(({ Name }) => Name === `/${name}`);
      if (!found) throw Object.assign(new Error('no such container'), { statusCode: 404 });
      return found;
    },
  }),
  listContainers: async () =>
    [...all, container('wab', {}, { 'faultline.fault': 'f1' })].map(({ Name, Config: { Labels } }) => ({
      Names: [Name],
      Labels,
    })),
} as unknown as Docker;

const cut = (on: string, ...peers: string[]): TypedFault => ({
  on,
  spec: { kind: 'drop-peer', target: on, peers, ways: 'both' },
});

describe('names in a fault', () => {
  it('a peer is its address on the network that both are on, an address is itself', async () => {
    const { spec, target } = await resolveFault(docker, cut('web', 'db', '192.0.2.1', 'fd00::1'));
    expect(spec).toMatchObject({ target: 'web', peers: ['10.1.0.9', '192.0.2.1', 'fd00::1'] });
    expect(target.labelled).toBe(true);
    expect((await resolveFault(docker, cut('db', 'web'))).target.labelled).toBe(false);
  });

  it.each([
    [cut('wbe', 'db'), '--on wbe: there is no such container: did you mean web?'],
    [cut('fault-agent', 'db'), 'no such container: it is one of web, db, stopped'],
    [cut('web', 'dbb'), '--peer dbb: there is no such container: did you mean db?'],
    [cut('web', 'web'), '--peer web is the container itself'],
    [cut('web', 'stopped'), '--peer stopped has no address now'],
    [cut('../info', 'db'), '--on ../info: there is no such container'],
    [cut('?all=1', 'db'), '--on ?all=1: there is no such container'],
    [
      { on: 'web', spec: { kind: 'disconnect', target: 'web', network: '' } },
      'web is on several networks: write --network front or back',
    ],
  ] as [TypedFault, string][])('%j', async (typed, message) => {
    await expect(resolveFault(docker, typed)).rejects.toThrow(message);
  });

  it('the only network needs no name', async () => {
    const typed: TypedFault = { on: 'stopped', spec: { kind: 'disconnect', target: 'stopped', network: '' } };
    expect((await resolveFault(docker, typed)).spec).toMatchObject({ network: 'back' });
  });
});
