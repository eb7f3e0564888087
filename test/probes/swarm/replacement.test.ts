import { expect, it } from 'vitest';
import type { SwarmTask } from '../../../source/probes/samples.js';
import { newestReplacementMs, replacementsOf } from '../../../source/probes/swarm/replacement.js';

function task(
  id: string,
  at: { created: number; changed: number },
  rest: Partial<SwarmTask> = {},
): SwarmTask {
  return {
    id,
    slot: 1,
    state: 'running',
    desired: 'running',
    createdAt: at.created,
    changedAt: at.changed,
    container: id,
    exitCode: null,
    error: null,
    node: 'node',
    ...rest,
  };
}
const failed = { state: 'failed', desired: 'shutdown', exitCode: 137 } as const;

it('pairs a task with the one before it in its slot', () => {
  const tasks = [
    task('c', { created: 300, changed: 12_000 }),
    task('b', { created: 200, changed: 250 }, failed),
    task('a', { created: 100, changed: 150 }, failed),
    task('other', { created: 250, changed: 260 }, { slot: 2 }),
  ];
  expect(replacementsOf(tasks).map(({ ended, successor, ms }) => [ended.id, successor.id, ms])).toEqual([
    ['b', 'c', 11_750],
  ]);
});

it('knows no time while the successor does not run yet', () => {
  expect(
    newestReplacementMs([
      task('b', { created: 200, changed: 220 }, { state: 'preparing' }),
      task('a', { created: 100, changed: 150 }, failed),
    ]),
  ).toBeNull();
});

it('takes no time where the successor ran before the other was ended', () => {
  expect(
    newestReplacementMs([
      task('b', { created: 200, changed: 220 }),
      task('a', { created: 100, changed: 400 }, { state: 'shutdown', desired: 'shutdown' }),
    ]),
  ).toBe(0);
});

it('is that of the slot replaced last', () => {
  expect(
    newestReplacementMs([
      task('d', { created: 200, changed: 300 }),
      task('c', { created: 100, changed: 150 }, failed),
      task('b', { created: 900, changed: 1000 }, { slot: 2 }),
      task('a', { created: 100, changed: 890 }, { ...failed, slot: 2 }),
    ]),
  ).toBe(110);
});

it('replaces the task of a global service on its node', () => {
  expect(
    replacementsOf([
      task('b', { created: 200, changed: 300 }, { slot: null, node: 'one' }),
      task('a', { created: 100, changed: 150 }, { ...failed, slot: null, node: 'two' }),
    ]),
  ).toEqual([]);
});
