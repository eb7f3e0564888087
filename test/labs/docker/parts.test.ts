import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import dnsPacket from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { containerOptions, type LabPlan } from '../../../source/labs/docker/container-options.js';
import { parseCounters, sumOf } from '../../../source/labs/docker/counters.js';
import { isOrphaned, labLabels, ownerOf } from '../../../source/labs/docker/labels.js';
import { MEMBERS } from '../../../source/labs/docker/members.js';
import { freePrefixes } from '../../../source/labs/docker/subnet.js';
import { tarOf } from '../../../source/labs/docker/switch-file.js';

const plan: LabPlan = {
  id: 'abc123',
  image: 'faultline/lab:0',
  network: { id: 'n', name: 'faultline-abc123', prefix: '10.213.4' },
  ports: { app: 1001, resolver: 1002, database: 1003, cache: 1004 },
  database: {
    database: 'tododb',
    user: 'todouser',
    password: 'p',
    superuser: 'postgres',
    superuserPassword: 's',
  },
};
const options = MEMBERS.map((member) => containerOptions(plan, member, member.name));

describe('what Docker is told', () => {
  test('every port is published on 127.0.0.1, and a container keeps it over restarts', () => {
    const published = options.flatMap(({ HostConfig }) =>
      Object.entries((HostConfig?.PortBindings ?? {}) as Record<string, object[]>),
    );
    expect(Object.fromEntries(published)).toEqual({
      '53/udp': [{ HostIp: '127.0.0.1', HostPort: '1002' }],
      '53/tcp': [{ HostIp: '127.0.0.1', HostPort: '1002' }],
      '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: '1003' }],
      '6379/tcp': [{ HostIp: '127.0.0.1', HostPort: '1004' }],
      '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '1001' }],
    });
  });

  test('each is labelled as ours, as a target, and as what it is', () => {
    for (const { Labels } of options)
      expect(Labels).toMatchObject({
        'faultline.lab': 'abc123',
        'faultline.target': 'true',
        'com.docker.compose.project': 'faultline-abc123',
      });
    const services = options.map(({ Labels }) => Labels?.['com.docker.compose.service']);
    expect(services.filter((service) => service === 'todo-app')).toHaveLength(3);
  });

  test('no two have one address', () => {
    const addresses = options.map(
      ({ NetworkingConfig }) =>
        NetworkingConfig?.EndpointsConfig?.['faultline-abc123']?.IPAMConfig?.IPv4Address,
    );
    expect(new Set(addresses).size).toBe(MEMBERS.length);
    expect(addresses).not.toContain('10.213.4.1');
  });

  test('nothing gets more rights than Docker gives by itself', () => {
    for (const { HostConfig } of options) {
      expect(HostConfig?.Privileged ?? false).toBe(false);
      expect(HostConfig?.CapAdd ?? []).toEqual([]);
      expect(HostConfig?.Binds ?? []).toEqual([]);
    }
  });
});

describe('whose a lab is', () => {
  const labels = labLabels('abc123');

  test('this process is its owner, and it is not orphaned', () => {
    expect(ownerOf(labels)?.pid).toBe(process.pid);
    expect(isOrphaned(labels)).toBe(false);
  });

  test('it is orphaned when the process is gone, also when its pid belongs to another now', () => {
    expect(isOrphaned({ ...labels, 'faultline.owner': `${process.pid}:1@another-boot` })).toBe(true);
  });

  test('what another host owns, or nobody signed, is not ours to judge', () => {
    const dead = { ...labels, 'faultline.owner': '1:1@another-boot' };
    expect(isOrphaned({ ...dead, 'faultline.host': `not-${hostname()}` })).toBe(false);
    expect(isOrphaned({ 'faultline.lab': 'abc123' })).toBe(false);
    expect(isOrphaned({ ...labels, 'faultline.owner': 'nonsense' })).toBe(false);
  });
});

describe('counters', () => {
  const answer = (data: string): Buffer =>
    dnsPacket.encode({
      type: 'response',
      answers: [{ type: 'TXT', class: 'CH', name: 'counters.faultline', data }],
    });

  test('of the forwarder come as one text', () => {
    expect(parseCounters(answer('served=12 dropped=3 queue=4 queueMax=256'))).toEqual({
      served: 12,
      dropped: 3,
      queue: 4,
      queueMax: 256,
    });
  });

  test('what is no such text is null, not zero', () => {
    for (const text of ['', 'served=12', 'served=x dropped=3 queue=4 queueMax=256'])
      expect(parseCounters(answer(text))).toBeNull();
    expect(parseCounters(Buffer.from('nonsense'))).toBeNull();
  });

  test('of the replicas are added up; one that is silent makes the sum unknown', () => {
    const one = { inFlight: 2, waiting: 1, slots: 22 };
    expect(sumOf([one, one, one])).toEqual({ inFlight: 6, waiting: 3, slots: 66 });
    expect(sumOf([one, null, one])).toBeNull();
  });
});

test('a subnet that this host is in is not tried; all others are, beginning where asked', () => {
  const free = freePrefixes(['127.0.0.1', '10.213.8.1', 'fe80::1'], 2);
  expect(free).not.toContain('10.213.8');
  expect(free[0]).toBe('10.213.12');
  expect(new Set(free).size).toBe(63);
});

test('the archive that carries the switches is one that tar reads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-tar-'));
  writeFileSync(join(folder, 'a.tar'), tarOf('hardening', Buffer.from('pool\nlifo\n'), Date.now()));
  execFileSync('tar', ['-xf', join(folder, 'a.tar'), '-C', folder]);
  expect(readFileSync(join(folder, 'hardening'), 'utf8')).toBe('pool\nlifo\n');
  rmSync(folder, { recursive: true });
});
