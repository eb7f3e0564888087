import { expect, it } from 'vitest';
import type { ProbeOutcome } from '../../../source/probes/probe.js';
import { Onset } from '../../../source/runtime/inside/onset.js';
import { HANG, http, postgres } from '../../helpers/samples.js';

it('trouble begins with the first failure of a target after 20 s without one', () => {
  const onset = new Onset();
  const begins = (s: number, sample: unknown, id = 'http:GET /'): boolean =>
    onset.isBegunBy({ ok: true, id, at: s * 1000, tookMs: 1, sample } satisfies ProbeOutcome);
  const bad = http('GET /', HANG);
  expect(begins(1, http('GET /'))).toBe(false);
  expect(begins(2, postgres(), 'postgres')).toBe(false);
  expect(begins(3, bad)).toBe(true);
  for (const s of [5, 15, 30, 49]) expect(begins(s, bad)).toBe(false);
  expect(begins(60, http('GET /'))).toBe(false);
  expect(begins(70, bad)).toBe(true);
});
