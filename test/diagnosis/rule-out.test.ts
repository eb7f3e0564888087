import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { callingOf, ruledOut } from '../../source/diagnosis/rule-out.js';

const modes = allModes();
const [mode] = modes;

it('calls what a candidate rules out itself as its mode is called, unless the candidate says otherwise', () => {
  if (!mode) throw new Error('no mode');
  const candidate = {
    ruledOut: [
      { id: 'cpu-limit', because: '1 % of its periods are throttled' },
      { id: 'database-down', title: 'a slow database', because: 'SELECT 1 in 2 ms' },
    ],
  } as unknown as Candidate;
  expect(ruledOut({ ...mode, rivals: [] }, candidate, 0, () => undefined, callingOf(modes))).toEqual([
    { id: 'cpu-limit', title: 'a CPU limit', because: '1 % of its periods are throttled' },
    { id: 'database-down', title: 'a slow database', because: 'SELECT 1 in 2 ms' },
  ]);
  expect(callingOf([])('cpu-limit')).toBe('cpu-limit');
});

it('knows of every mode what a person calls it', () => {
  for (const { id } of modes) expect(callingOf(modes)(id)).not.toBe(id);
});
