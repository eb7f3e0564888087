import { describe, expect, it } from 'vitest';
import { allModes, failureModes } from '../../scenarios/index.js';
import type { ContainerFacts, ServiceSample, SwarmService } from '../../source/probes/samples.js';
import { type Finding, modeOf } from '../../source/store/finding.js';
import { containerServices, facts } from '../helpers/container-world.js';
import { START, top, watch } from '../helpers/history.js';
import { ERROR_500, everyTarget } from '../helpers/samples.js';
import { FAILED, swarm, swarmService, task } from '../helpers/swarm.js';

const at = (t: number): number => START + t * 1000;

/** What is named, second by second, of one service that is read every two seconds. */
const looks = (seconds: number, service: (t: number) => Partial<SwarmService>) =>
  watch(
    seconds,
    (t) => (t % 2 === 0 ? { swarm: swarm(swarmService('shop', service(t))) } : {}),
    allModes(failureModes),
  );

it('a replica that is missing longer than a replacement takes', () => {
  const awaited = task('a', { state: 'preparing', createdAt: at(10), changedAt: at(11) });
  const found = looks(60, (t) => (t < 10 ? {} : { running: 1, tasks: [awaited] }));
  const first = found.find((look) => look.findings.length > 0);
  expect(first?.t).toBeGreaterThanOrEqual(29);
  expect(first?.t).toBeLessThanOrEqual(32);
  expect(top(found.at(-1))).toMatchObject({
    id: 'swarm-replicas',
    target: 'shop',
    severity: 'warning',
    title: 'Swarm service shop: 1 of 2 replicas running',
  });
});

it('none that a task takes the place of in time, none in an update, and none that nobody wants', () => {
  const named = (service: (t: number) => Partial<SwarmService>) =>
    looks(60, service).flatMap(({ findings }) => findings);
  const next = task('a', { state: 'starting', createdAt: at(10), changedAt: at(12) });
  expect(named((t) => (t > 10 && t < 24 ? { running: 1, tasks: [next] } : {}))).toEqual([]);
  expect(named(() => ({ running: 1, updateState: 'updating' }))).toEqual([]);
  expect(named(() => ({ running: 0, desired: 0 }))).toEqual([]);
});

it('one that was missing long before we came is named at the first look', () => {
  const waits = task('a', { state: 'pending', createdAt: at(-600), changedAt: at(-600) });
  const found = looks(10, () => ({ running: 1, tasks: [waits] }));
  expect(top(found.find(({ findings }) => findings.length > 0))).toMatchObject({ id: 'swarm-replicas' });
  expect(found.find(({ findings }) => findings.length > 0)?.t).toBe(2);
});

it('says what keeps a task from being placed', () => {
  const error = 'no suitable node (insufficient resources on 1 node)';
  const found = top(
    looks(60, () => ({ running: 0, tasks: [task('a', { state: 'pending', error })] })).at(-1),
  );
  expect(found).toMatchObject({
    severity: 'critical',
    title: 'Swarm service shop: 0 of 2 replicas running, and no node takes the next',
  });
  expect(JSON.stringify(found?.fix)).toContain('insufficient resources');
  expect(JSON.stringify(found?.evidence)).toContain('a task is pending');
});

it('tasks that fail again and again, though one always runs', () => {
  const tasks = [
    task('d', { createdAt: at(31), changedAt: at(32) }),
    ...[10, 20, 30].map((t) => task(`f${t}`, { ...FAILED, createdAt: at(t - 8), changedAt: at(t) })),
  ];
  expect(top(looks(40, () => ({ tasks })).at(-1))).toMatchObject({
    title: 'Swarm service shop: tasks fail again and again, 3 times in 10 min',
  });
});

it('goes once the replicas are there', () => {
  const found = looks(120, (t) => (t > 10 && t < 60 ? { running: 1 } : {}));
  expect(found.find(({ t }) => t === 50)?.findings).toHaveLength(1);
  expect(found.at(-1)?.findings).toEqual([]);
});

it('two services that lack replicas are two findings, each with its own figures', () => {
  const found = watch(
    60,
    (t) =>
      t % 2 === 0
        ? {
            swarm: swarm(
              swarmService('shop', { running: 1 }),
              swarmService('mail', { running: 0, desired: 3 }),
              swarmService('well'),
            ),
          }
        : {},
    allModes(),
  ).at(-1)?.findings;
  expect(found?.map(({ target, title, severity }) => [target, title, severity])).toEqual([
    ['mail', 'Swarm service mail: 0 of 3 replicas running', 'critical'],
    ['shop', 'Swarm service shop: 1 of 2 replicas running', 'warning'],
  ]);
});

describe('a target that fails beside it', () => {
  /** `shop` lacks a replica; `front` serves the target and is a task of it, or stands on a network of its own. */
  const beside = (front: Partial<ContainerFacts>) =>
    watch(
      60,
      (t) => ({
        services: containerServices({
          front: { container: front },
          'shop-1': { container: task1 },
          'shop-2': { container: { networks: [{ name: 'other', address: '172.21.0.3' }] } },
          store: { container: { networks: [{ name: 'other', address: '172.21.0.4' }] } },
        }),
        ...(t % 2 === 0
          ? { swarm: swarm(swarmService('shop', { running: 1 })), ...everyTarget(ERROR_500, 500) }
          : {}),
      }),
      allModes(),
    ).at(-1)?.findings ?? [];
  const task1 = {
    labels: { 'com.docker.swarm.service.name': 'shop', 'com.docker.swarm.task.id': 'one' },
    networks: [{ name: 'shop', address: '172.20.0.2' }],
  };

  it('is explained where its tasks may stand behind it, and not where they cannot', () => {
    const errors = (found: readonly Finding[]) => found.find(({ id }) => id === 'http-errors');
    const near = beside({ networks: [{ name: 'shop', address: '172.20.0.3' }] });
    expect(modeOf(errors(near)?.explainedBy ?? '')).toBe('swarm-replicas');
    const far = beside({ networks: [{ name: 'front', address: '172.22.0.2' }] });
    expect(errors(far)).toMatchObject({ state: 'firing', explainedBy: null });
  });
});

it('an update whose next task no node takes is stuck, and says what it asks for', () => {
  const error = 'no suitable node (scheduling constraints not satisfied on 1 node)';
  const waits = task('b', { state: 'pending', error, createdAt: at(-10), changedAt: at(-9) });
  const found = looks(10, () => ({ running: 1, updateState: 'updating', tasks: [waits] }));
  expect(found.find(({ findings }) => findings.length > 0)?.t).toBe(2);
  expect(top(found.at(-1))).toMatchObject({
    title: 'Swarm service shop: 1 of 2 replicas running, and no node takes the next',
    explanation: [`shop: ${error}`],
  });
});

/** A container of a task of `shop` that ended by itself, and how Swarm tells of it. */
const ofTask = (id: string, slot: number, endedAt: number) => ({
  container: {
    ...(containerServices().services[0] as ServiceSample),
    ...{ name: `shop.${id}`, state: 'exited' as const, pid: null, ports: [] },
    lastExit: { code: 1, signal: null, at: at(endedAt), meaning: 'error' },
    container: facts({
      labels: { 'com.docker.swarm.service.name': 'shop', 'com.docker.swarm.task.id': id },
    }),
  },
  event: {
    at: at(endedAt),
    ...{ workload: `shop.${id}`, action: 'die', detail: 'exited 1', exitCode: 1 },
  },
  task: task(id, {
    ...{ state: 'failed', desired: 'shutdown', exitCode: 1, error: 'task: non-zero exit (1)', slot },
    ...{ createdAt: at(endedAt - 4), changedAt: at(endedAt) },
  }),
});

it('tasks that fail again and again are one finding, of their service; those that failed once each are three', () => {
  const named = (ends: readonly (readonly [id: string, slot: number, endedAt: number])[]) => {
    const all = ends.map((one) => ofTask(...one));
    const last = watch(
      12,
      () => ({
        services: { services: all.map(({ container }) => container), means: 'cgroup v1', missing: [] },
        events: { events: all.map(({ event }) => event) },
        swarm: swarm(swarmService('shop', { running: 0, tasks: all.map((one) => one.task) })),
      }),
      allModes(failureModes),
    ).at(-1);
    return last?.findings.map(({ id, target }) => `${id} ${target}`) ?? [];
  };
  const loop = named([
    ['a', 1, -20],
    ['b', 1, -12],
    ['c', 2, -11],
    ['d', 2, -4],
  ]);
  expect(loop).toEqual(['swarm-replicas shop']);
  const once = named([
    ['a', 1, -5],
    ['b', 2, -5],
    ['c', 3, -4],
  ]);
  expect(once.filter((one) => one.startsWith('container-kill'))).toHaveLength(3);
});
