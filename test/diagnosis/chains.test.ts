import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { type Edge, NO_EDGES, type ServiceSample, UNKNOWN_EDGE } from '../../source/probes/samples.js';
import type { Finding } from '../../source/store/finding.js';
import { watch } from '../helpers/history.js';
import { inside, insideSockets } from '../helpers/inside.js';
import { containerFacts, HANG, http, services, sockets } from '../helpers/samples.js';

/** Containers on a network, each with its address: proxy, app, cache and a bystander on the same network. */
const ADDRESS: Readonly<Record<string, string>> = {
  proxy: '172.20.0.2',
  app: '172.20.0.3',
  cache: '172.20.0.4',
  bystander: '172.20.0.5',
};
const [TEMPLATE] = services().services;

type Over = Partial<ServiceSample>;

const containers = (over: Readonly<Record<string, Over>>, network = 'shop') => ({
  services: Object.entries(ADDRESS).map(
    ([name, address]): ServiceSample => ({
      ...(TEMPLATE as ServiceSample),
      name,
      ports: [],
      container: containerFacts({ networks: [{ name: network, address }] }),
      ...over[name],
    }),
  ),
  means: 'cgroup v2',
  missing: [],
});

/** An edge on which requests wait for an answer for so long (ms), and nothing came back since the look before. */
const asks = (name: string, port: number, waitMs: number): Edge => ({
  ...UNKNOWN_EDGE,
  peer: ADDRESS[name] ?? name,
  port,
  states: { ESTAB: 3 },
  sent: 3,
  received: waitMs > 0 ? 0 : 12,
  unanswered: { count: waitMs > 0 ? 3 : 0, longestMs: waitMs },
});

const sees = (name: string, list: readonly Edge[], askers = 0) =>
  inside(name, {
    askers,
    sockets: insideSockets({ ESTAB: 3 }, { edges: { ...NO_EDGES, sinceMs: 2_000, list } }),
  });

interface Given {
  readonly over?: Readonly<Record<string, Over>>;
  readonly proxy?: readonly Edge[];
  readonly app?: readonly Edge[];
  readonly askers?: number;
  readonly target?: boolean;
}

/** What is named of it within ten seconds of the first look; a request hangs for five. */
function named({ over = {}, proxy = [], app = [], askers = 0, target = true }: Given): Finding[] {
  const hang = { ...http('GET /', HANG), url: 'http://172.20.0.2:80/' };
  const looks = watch(
    10,
    (t) => ({
      services: containers(over),
      'inside:proxy': sees('proxy', proxy),
      'inside:app': sees('app', app, askers),
      'inside:cache': sees('cache', []),
      'inside:bystander': sees('bystander', []),
      ...(t === 5 && target ? { 'http:GET /': hang } : {}),
    }),
    allModes(),
  );
  return looks.at(-1)?.findings.filter(({ state }) => state === 'firing') ?? [];
}

const causes = (findings: readonly Finding[]) =>
  findings.filter(({ explainedBy }) => explainedBy === null).map(({ id, subject }) => `${id} ${subject.id}`);

const STOPPED: Over = { processState: 'T', stopped: { by: 'signal', processes: 1, pids: [9] } };
const THAWABLE: Over = { stopped: { by: 'freezer', processes: 2, pids: [7, 8] } };

describe('the one behind is accused', () => {
  const waits = { proxy: [asks('app', 8080, 6_000)], app: [asks('cache', 6379, 6_000)] };

  it('a frozen cache two links behind the target, by the freezer of its cgroup', () => {
    const found = named({ over: { cache: THAWABLE }, ...waits });
    expect(causes(found)).toEqual(['service-hung cache']);
    expect(found[0]).toMatchObject({
      title: 'cache is frozen: the freezer of its cgroup holds its processes',
      verdict: 'confirmed',
      severity: 'critical',
      target: 'proxy → cache',
    });
    expect(found[0]?.explanation[0]).toBe('proxy waits for app, app waits for cache');
    expect(JSON.stringify(found)).not.toMatch(/restart (proxy|app)/);
  });

  it('one that runs and answers nobody, with no advice that ends it before it was looked at', () => {
    const found = named({ proxy: [asks('app', 8080, 6_000)], app: [asks('cache', 6379, 0)] });
    expect(causes(found)).toEqual(['service-hung 172.20.0.3:8080']);
    expect(found[0]?.title).toBe('app does not answer proxy, which waits for it');
    expect(found[0]?.fix[0]?.command).toBe('docker logs --tail 50 app');
  });

  it('an address that is nobody we know', () => {
    const found = named({ proxy: [asks('203.0.113.7', 443, 6_000)] });
    expect(causes(found)).toEqual(['service-hung 203.0.113.7:443']);
  });

  it('what is busy and does answer is not: the silent one itself is', () => {
    expect(causes(named({ proxy: [asks('app', 8080, 0)] }))).toEqual(['service-hung 172.20.0.2:80']);
  });

  it('while lookups of the silent one wait, it is not said to hang', () => {
    const over = { proxy: { ...containers({}).services[0] } };
    const found = watch(
      10,
      (t) => ({
        services: containers(over),
        'inside:proxy': sees('proxy', [asks('app', 8080, 0)], 40),
        ...(t === 5 ? { 'http:GET /': { ...http('GET /', HANG), url: 'http://172.20.0.2:80/' } } : {}),
      }),
      allModes(),
    ).at(-1)?.findings;
    expect(found?.map(({ id }) => id)).not.toContain('service-hung');
  });

  it('a frozen bystander on the same network is a fault of its own, and explains nothing', () => {
    const found = named({ over: { bystander: STOPPED }, proxy: [asks('app', 8080, 0)] });
    expect(causes(found).sort()).toEqual(['service-hung 172.20.0.2:80', 'service-hung bystander']);
    expect(found.find(({ subject }) => subject.id === 'bystander')?.severity).toBe('warning');
  });
});

describe('what is frozen needs no target to be seen', () => {
  it('a container whose processes are stopped', () => {
    const found = named({ over: { cache: STOPPED }, target: false });
    expect(found[0]).toMatchObject({
      id: 'service-hung',
      subject: { kind: 'workload', id: 'cache' },
      verdict: 'confirmed',
      severity: 'warning',
    });
  });

  it('a process of this host that listens, with its name and what lets it go on', () => {
    const queue = {
      ...{ service: null, address: '0.0.0.0', port: 9000, queued: 4, backlog: 128 },
      stopped: {
        pid: 4711,
        name: 'gunicorn',
        by: 'signal' as const,
        processes: 4,
        pids: [4712, 4713, 4714, 4715],
      },
    };
    const found = watch(5, () => ({ sockets: { ...sockets(), listeners: [queue] } }), allModes());
    const [first] = found.at(-1)?.findings ?? [];
    expect(first).toMatchObject({
      id: 'service-hung',
      state: 'firing',
      subject: { kind: 'listener', id: '127.0.0.1:9000' },
      title: 'gunicorn at 127.0.0.1:9000 is frozen: its 4 processes are stopped by a signal',
      severity: 'critical',
    });
    expect(first?.fix[0]?.command).toBe('kill -CONT 4712 4713 4714 4715');
  });

  it('a process of this host that nobody is connected to is told, and alarms nobody', () => {
    const queue = {
      ...{ service: null, address: '127.0.0.1', port: 9222, queued: 0, backlog: 128 },
      stopped: { pid: 4711, name: 'node', by: 'signal' as const, processes: 1, pids: [4711] },
    };
    const severityWith = (...list: Edge[]) =>
      watch(
        5,
        () => ({ sockets: { ...sockets(), listeners: [queue], edges: { ...NO_EDGES, list } } }),
        allModes(),
      ).at(-1)?.findings[0]?.severity;
    expect(severityWith()).toBe('notice');
    const over = { ...UNKNOWN_EDGE, peer: '127.0.0.1', port: 9222, states: { 'TIME-WAIT': 3 } };
    expect(severityWith(over)).toBe('notice');
    expect(severityWith({ ...UNKNOWN_EDGE, peer: '127.0.0.1', port: 9222, states: { ESTAB: 1 } })).toBe(
      'warning',
    );
  });

  it('and it explains the silence of what waits for it in front', () => {
    const queue = {
      ...{ service: null, address: '127.0.0.1', port: 9000, queued: 4, backlog: 128 },
      stopped: {
        pid: 4711,
        name: 'gunicorn',
        by: 'signal' as const,
        processes: 4,
        pids: [4712, 4713, 4714, 4715],
      },
    };
    const front = { ...http('GET /', HANG), url: 'http://127.0.0.1:80/' };
    const found = watch(
      10,
      (t) => ({
        sockets: { ...sockets(), listeners: [queue] },
        ...(t === 5 ? { 'http:GET /': front } : {}),
      }),
      allModes(),
    ).at(-1)?.findings;
    expect(causes(found ?? [])).toEqual(['service-hung 127.0.0.1:9000']);
  });
});

describe('the one behind is accused where no container is', () => {
  const local = (direction: 'in' | 'out', port: number, process: string, waitMs: number | null): Edge => ({
    ...UNKNOWN_EDGE,
    ...{ direction, port, peer: '127.0.0.1', processes: [process], states: { ESTAB: 3 } },
    ...{ sent: 3, received: waitMs === null ? 12 : 0 },
    unanswered: direction === 'out' ? { count: waitMs === null ? 0 : 3, longestMs: waitMs ?? 0 } : null,
  });
  const front = { ...http('GET /', HANG), url: 'http://127.0.0.1:8080/' };
  const held = (...list: Edge[]) =>
    watch(
      10,
      (t) => ({
        sockets: { ...sockets(), edges: { ...NO_EDGES, sinceMs: 1_000, list } },
        ...(t === 5 ? { 'http:GET /': front } : {}),
      }),
      allModes(),
    ).at(-1)?.findings ?? [];
  const clients = [local('out', 8080, 'curl', 6_000), local('in', 8080, 'nginx', null)];

  it('what a silent proxy has asked, by the processes that hold the sockets', () => {
    const found = held(...clients, local('out', 9001, 'nginx', 6_000), local('in', 9001, 'shop', null));
    expect(causes(found)).toEqual(['service-hung 127.0.0.1:9001']);
    expect(found[0]?.title).toBe('127.0.0.1:9001 does not answer nginx, which waits for it');
  });

  it('the last one of three', () => {
    const behind = [local('out', 9001, 'nginx', 6_000), local('in', 9001, 'shop', null)];
    const last = [local('out', 9002, 'shop', 6_000), local('in', 9002, 'stock', null)];
    expect(causes(held(...clients, ...behind, ...last))).toEqual(['service-hung 127.0.0.1:9002']);
  });

  it('the silent one itself where what it asked is answered, or another process waits', () => {
    const answered = [local('out', 9001, 'nginx', null), local('in', 9001, 'shop', null)];
    expect(causes(held(...clients, ...answered))).toEqual(['service-hung 127.0.0.1:8080']);
    expect(causes(held(...clients, local('out', 9001, 'cron', 6_000)))).toEqual([
      'service-hung 127.0.0.1:8080',
    ]);
  });
});
