import { expect, it } from 'vitest';
import { allModes, failureModes } from '../../../scenarios/index.js';
import type { SwarmService } from '../../../source/probes/samples.js';
import { START, top, watch } from '../../helpers/history.js';
import { FAILED, swarm, swarmService, task } from '../../helpers/swarm.js';

const at = (t: number): number => START + t * 1000;

/** What is named, second by second, of one service that is read every two seconds. */
const looks = (seconds: number, service: (t: number) => Partial<SwarmService>) =>
  watch(
    seconds,
    (t) => (t % 2 === 0 ? { swarm: swarm(swarmService('shop', service(t))) } : {}),
    allModes(failureModes),
  );

it('a replica that is missing longer than a replacement takes', () => {
  const found = looks(60, (t) => (t < 10 ? {} : { running: 1 }));
  const first = found.find((look) => look.findings.length > 0);
  expect(first?.t).toBeGreaterThanOrEqual(29);
  expect(first?.t).toBeLessThanOrEqual(32);
  expect(top(found.at(-1))).toMatchObject({
    id: 'swarm-replicas',
    target: 'shop',
    severity: 'warning',
    title: 'Swarm gets only 1 of 2 replicas of shop to run',
  });
});

it('none that a task takes the place of in time, none in an update, and none that nobody wants', () => {
  const named = (service: (t: number) => Partial<SwarmService>) =>
    looks(60, service).flatMap(({ findings }) => findings);
  expect(named((t) => (t > 10 && t < 24 ? { running: 1 } : {}))).toEqual([]);
  expect(named(() => ({ running: 1, updateState: 'updating' }))).toEqual([]);
  expect(named(() => ({ running: 0, desired: 0 }))).toEqual([]);
});

it('says what keeps a task from being placed', () => {
  const error = 'no suitable node (insufficient resources on 1 node)';
  const found = top(
    looks(60, () => ({ running: 0, tasks: [task('a', { state: 'pending', error })] })).at(-1),
  );
  expect(found).toMatchObject({
    severity: 'critical',
    title: 'Swarm gets none of the 2 replicas of shop to run',
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
    title: 'Tasks of shop fail again and again: 3 times in 10 min',
  });
});

it('goes once the replicas are there', () => {
  const found = looks(120, (t) => (t > 10 && t < 60 ? { running: 1 } : {}));
  expect(found.find(({ t }) => t === 50)?.findings).toHaveLength(1);
  expect(found.at(-1)?.findings).toEqual([]);
});
