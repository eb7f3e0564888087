import { describe, expect, it } from 'vitest';
import {
  bytes,
  count,
  duration,
  elapsed,
  listed,
  milliseconds,
  percent,
  percentOf,
  perSecond,
  plural,
  roughly,
  stopwatch,
} from '../../source/terminal/format.js';

describe('times', () => {
  it('writes a measured duration to the digit that matters', () => {
    expect([0, 0.04, 0.42, 0.97, 999, 999.7, 1000, 5_120, 59_949, 59_960, 125_000].map(duration)).toEqual([
      '0 ms',
      '0 ms',
      '0.4 ms',
      '1 ms',
      '999 ms',
      '1.0 s',
      '1.0 s',
      '5.1 s',
      '59.9 s',
      '1 min',
      '2 min 5 s',
    ]);
  });

  it('writes how long something went on in whole seconds', () => {
    expect([-5, 400, 36_400, 60_000, 125_000, 3_600_000, 4_330_000].map(elapsed)).toEqual([
      '0 s',
      '0 s',
      '36 s',
      '1 min',
      '2 min 5 s',
      '1 h',
      '1 h 12 min',
    ]);
  });

  it('writes an age in one unit, and a clock that runs with two figures or three', () => {
    expect([4_400, 700_000, 3 * 3_600_000, 50 * 3_600_000].map(roughly)).toEqual([
      '4 s',
      '12 min',
      '3 h',
      '2 d',
    ]);
    expect([33_900, 3_725_000].map(stopwatch)).toEqual(['00:33', '1:02:05']);
    expect([0.42, 5_104].map(milliseconds)).toEqual(['0.4', '5,104']);
  });
});

it('lists names, the first three of many', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd', 'e']].map(listed)).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
    'a, b, c and 2 more',
  ]);
});

describe('amounts', () => {
  it('writes percentages, rates, counts and bytes', () => {
    expect([0, 0.04, 5, 99.6, 99.97].map(percent)).toEqual(['0 %', '0.04 %', '5 %', '99.6 %', '100 %']);
    expect([0.07, 0.999, 1].map(percentOf)).toEqual(['7 %', '99.9 %', '100 %']);
    expect([0.42, 3, 123.4].map(perSecond)).toEqual(['0.4 /s', '3 /s', '123 /s']);
    expect(count(5_104.4)).toBe('5,104');
    expect([plural(1, 'lookup'), plural(1_062, 'lookup'), plural(2, 'entry', 'entries')]).toEqual([
      '1 lookup',
      '1,062 lookups',
      '2 entries',
    ]);
    expect([512, 4_200, 84_000_000, 2.1e9].map(bytes)).toEqual(['512 B', '4.2 kB', '84 MB', '2.1 GB']);
  });
});
