import { describe, expect, it } from 'vitest';
import { ContainerRecord } from '../../../source/engines/docker/containers/container-record.js';
import { fromInspect } from '../../../source/engines/docker/containers/from-daemon.js';
import { qualifyGroups } from '../../../source/engines/docker/containers/groups.js';
import { container } from '../../probes/services/containers.js';

describe('what a container is a replica of', () => {
  it('is its compose service, with the project where two projects have one of that name', () => {
    const one = container();
    const two = container({ name: 'shop-web-2' });
    const cache = container({ name: 'shop-cache-1', group: 'cache', composeService: 'cache' });
    const shop = [one, two, cache];
    expect(qualifyGroups(shop)).toBe(shop);
    const other = container({ name: 'blog-web-1', composeProject: 'blog' });
    expect(qualifyGroups([...shop, other]).map(({ group }) => group)).toEqual([
      'shop/web',
      'shop/web',
      'cache',
      'blog/web',
    ]);
  });
});

describe('a container that stopped', () => {
  const bindings = { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] };
  const inspected = (running: boolean) =>
    fromInspect({
      Id: 'd'.repeat(64),
      Name: '/web',
      State: {
        Status: running ? 'running' : 'exited',
        Running: running,
        Pid: running ? 9 : 0,
        StartedAt: '2026-01-01T00:00:00Z',
      },
      Config: {
        ExposedPorts: { '80/tcp': {}, '53/udp': {} },
        Labels: { 'com.docker.compose.service': 'web' },
      },
      HostConfig: { PortBindings: bindings },
      NetworkSettings: {
        Ports: running ? { ...bindings, '53/udp': null } : {},
        Networks: { shop: { IPAddress: running ? '172.20.0.5' : '' } },
      },
    } as never);

  it('is still known by its ports and by the address it had', () => {
    expect(inspected(false).publishedPorts).toEqual(inspected(true).publishedPorts);
    expect(inspected(false).ports).toEqual([{ protocol: 'tcp', port: 8080 }]);
    const record = new ContainerRecord(inspected(true));
    record.inspect(inspected(true));
    expect(record.snapshot()).toMatchObject({
      group: 'web',
      networks: [{ name: 'shop', address: '172.20.0.5' }],
    });
    record.inspect(inspected(false));
    expect(record.snapshot().networks).toEqual([
      { name: 'shop', address: null, formerAddress: '172.20.0.5' },
    ]);
  });
});
