import { expect, it } from 'vitest';
import { ShownContainers } from '../../../source/engines/docker/containers/shown-containers.js';
import { container } from '../../probes/services/containers.js';

it('lists containers anew only when one of them, their output or their daemon changes', () => {
  const [b, a] = ['b', 'a'].map((name) => container({ name, id: name }));
  const shown = new ShownContainers();
  const list = (records: readonly (typeof a)[], trouble: string | null = null, current = true) =>
    shown.list({
      records: records.map((one) => ({ listed: one, snapshot: () => one })) as never,
      outputTrouble: (id) => (id === 'a' ? trouble : null),
      current,
    });
  const first = list([b, a]);
  expect(first.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(list([b, a])).toBe(first);
  expect(list([a])).toMatchObject([{ name: 'a' }]);
  expect(list([b, a])).toEqual(first);
  expect(list([b, a], 'no such driver')[0]?.outputTrouble).toBe('no such driver');
  expect(list([b, a])[0]?.outputTrouble).toBeUndefined();
  expect(list([b, a], null, false).map(({ state }) => state)).toEqual(['unknown', 'unknown']);
  expect(list([b, a])).toEqual(first);
});
