import { expect, it } from 'vitest';
import { formatMs } from '../../source/actions/format-ms.js';

it('words durations', () => {
  expect([null, 0, 999, 1000, 59_949, 59_960, 125_000].map(formatMs)).toEqual([
    'unknown',
    '0 ms',
    '999 ms',
    '1.0 s',
    '59.9 s',
    '1 min 00 s',
    '2 min 05 s',
  ]);
});
