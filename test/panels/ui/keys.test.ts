import { describe, expect, test } from 'vitest';
import type { KeyContext } from '../../../panels/ui/binding.js';
import { BINDINGS, bindingOf, keyOf } from '../../../panels/ui/keys.js';

const READY: KeyContext = {
  readOnly: false,
  targets: 0,
  lab: true,
  running: null,
  restartTarget: 'todo-app',
  faults: 1,
  switches: 2,
  modes: 3,
  spikeSize: 120,
  frozen: false,
  filterable: true,
  alone: false,
  filtered: false,
  logs: false,
};

describe('the binding table', () => {
  test('no key is bound twice and no F-key is used', () => {
    const keys = BINDINGS.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => /^f\d/i.test(key))).toEqual([]);
  });

  test('every binding explains itself', () => {
    for (const binding of BINDINGS) expect(binding.help.length).toBeGreaterThan(8);
  });

  test('read-only takes every key away that changes the world, and says so', () => {
    const changing = BINDINGS.filter((binding) => binding.changesWorld);
    expect(changing.map((binding) => binding.command)).toEqual(
      expect.arrayContaining(['spike', 'restart', 'verify', 'undo-all', 'hardening-menu', 'scenario-menu']),
    );
    for (const binding of changing) {
      expect(binding.available({ ...READY, running: null })).toBeUndefined();
      expect(binding.available({ ...READY, readOnly: true })).toMatch(/read-only/);
    }
  });

  test('reasons name what is missing', () => {
    expect(bindingOf('s')?.available({ ...READY, lab: false })).toMatch(/demo/);
    expect(bindingOf('s')?.available({ ...READY, running: 'traffic spike' })).toMatch(
      /"traffic spike".*c cancels/,
    );
    expect(bindingOf('r')?.available({ ...READY, restartTarget: null })).toMatch(/no service/);
    expect(bindingOf('u')?.available({ ...READY, faults: 0 })).toMatch(/no fault/);
    expect(bindingOf('c')?.available(READY)).toMatch(/nothing is running/);
    expect(keyOf('restart')).toBe('r');
  });
});
