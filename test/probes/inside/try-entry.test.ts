import { expect, it } from 'vitest';
import { tryEntry } from '../../../source/probes/inside/try-entry.js';

it('says what was tried, and of every means but the best why no better one serves', async () => {
  const { on, means } = await tryEntry();
  expect(on).toMatch(/^container [0-9a-f]{12}$|^no container runs here, itself$/);
  expect(means.reason === null).toBe(means.by === 'setns');
});
