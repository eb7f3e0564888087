import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmbeddedLab } from '../../../source/labs/lab.js';
import { eventually } from '../../helpers/until.js';
import { burst, ownState, startBuiltLab, visit } from './helpers.js';

const state = ownState();
let lab: EmbeddedLab;

beforeAll(async () => {
  lab = await startBuiltLab();
});
afterAll(async () => {
  await lab.close();
  state.remove();
});

const healthy = async (): Promise<boolean> =>
  (await Promise.all([1, 2, 3].map(() => visit(lab, '/todos', 2_000)))).every((status) => status === 200);

test('switches are taken, kept over a restart, and an unknown one is named', async () => {
  await lab.setHardening('bulkhead', true);
  expect((await lab.counters()).app?.slots).toBe(40);
  await lab.engine.restart('todo-app');
  expect((await lab.counters()).app?.slots).toBe(40);
  expect(
    lab
      .hardening()
      .filter(({ on }) => on)
      .map(({ id }) => id),
  ).toEqual(['bulkhead']);
  await lab.setHardening('bulkhead', false);
  expect((await lab.counters()).app?.slots).toBe(64);
  await expect(lab.setHardening('magic', true)).rejects.toThrow(/there are: bulkhead/);
});

test.each([['bulkhead'], ['deadline'], ['pool'], ['rate-limit'], ['breaker'], ['backoff'], ['lifo']])(
  '120 at once heal with %s',
  async (id) => {
    await lab.setHardening(id, true);
    try {
      if (id === 'pool') await visit(lab, '/todos');
      const results = await burst(lab, 120);
      if (id === 'rate-limit') expect(results[429]).toBeGreaterThan(0);
      if (id === 'breaker') expect(results[503]).toBeGreaterThan(0);
      // With backoff the askers come back one by one: about 20 s here, 30 s where that was first measured.
      expect(await eventually(healthy)).toBe(true);
    } finally {
      await lab.setHardening(id, false);
      await lab.engine.restart('todo-app');
      await lab.engine.restart('resolver');
    }
  },
);

test('a deadline switched on ends what is stuck already', async () => {
  await burst(lab, 120);
  expect(await visit(lab, '/todos', 3_000)).toBe(0);
  await lab.setHardening('deadline', true);
  expect(await eventually(healthy)).toBe(true);
  await lab.setHardening('deadline', false);
});
