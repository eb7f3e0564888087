import { expect, it } from 'vitest';
import { repeat } from '../source/clock.js';
import { HandClock } from './helpers/hand-clock.js';

it('a repeated work has its pace, and its end', async () => {
  const clock = new HandClock();
  const ran: number[] = [];
  const stop = repeat(clock, 1_000, () => ran.push(clock.now()), 500);
  await clock.pass(3_000);
  expect(ran).toEqual([500, 1_500, 2_500]);
  stop();
  await clock.pass(3_000);
  expect(ran).toHaveLength(3);
  expect(clock.waiting).toBe(0);
});

it('goes on after a work that throws', async () => {
  const clock = new HandClock();
  repeat(clock, 10, () => {
    throw new Error('broken');
  });
  await expect(clock.pass(10)).rejects.toThrow('broken');
  expect(clock.waiting).toBe(1);
});
