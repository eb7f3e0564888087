import { describe, expect, test } from 'vitest';
import { keyNames } from '../../../source/terminal/key-input.js';
import { BINDINGS, bindingOf, type KeyContext, keyOf } from '../../../source/terminal/keys.js';

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

describe('key names', () => {
  test('keys that arrive as one string are taken one by one', () => {
    expect(keyNames('jjj', {})).toEqual(['j', 'j', 'j']);
    expect(keyNames('j k?', {})).toEqual(['j', 'space', 'k', '?']);
    expect(keyNames('q\r', {})).toEqual(['q', 'enter']);
  });

  test('a paste, an F-key and an Alt combination press nothing', () => {
    expect(keyNames('s'.repeat(65), {})).toEqual([]);
    expect(keyNames('', {})).toEqual([]);
    expect(keyNames('s', { meta: true })).toEqual([]);
    expect(keyNames('[20~x', { ctrl: true })).toEqual([]);
  });

  test('named keys', () => {
    expect(keyNames('', { upArrow: true })).toEqual(['up']);
    expect(keyNames('', { tab: true, shift: true })).toEqual(['shift-tab']);
    expect(keyNames('c', { ctrl: true })).toEqual(['ctrl-c']);
    expect(keyNames('G', { shift: true })).toEqual(['G']);
    expect(keyNames('é', {})).toEqual(['é']);
  });
});

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
