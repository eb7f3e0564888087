import { describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../source/probes/probe.js';
import { JudgingPace } from '../../source/runtime/judging-pace.js';

const read = (id: string, sample: unknown): ProbeOutcome => ({ ok: true, id, at: 0, tookMs: 1, sample });
const services = (state: string): ProbeOutcome =>
  read('services', { services: [{ name: 'api', state, processState: 'S' }], means: '', missing: [] });

/** Past its beginning, with a look judged at 100 s that cost so many ms and suspected nothing. */
function calmPace(costMs: number): JudgingPace {
  const pace = new JudgingPace(0);
  pace.take(services('running'));
  pace.judged(100_000, costMs, false);
  return pace;
}

describe('JudgingPace', () => {
  it('judges every look of the first minute', () => {
    const pace = new JudgingPace(0);
    pace.judged(30_000, 50, false);
    expect(pace.isDue(31_000)).toBe(true);
    pace.judged(61_000, 50, false);
    expect(pace.isDue(62_000)).toBe(false);
  });

  it('costs no more than its share while all is well, and is never late by more than a look', () => {
    expect(calmPace(2).isDue(101_000)).toBe(true);
    expect(calmPace(13).isDue(101_000)).toBe(false);
    expect(calmPace(500).isDue(102_000)).toBe(true);
  });

  it('judges every look while anything is suspected', () => {
    const pace = calmPace(50);
    pace.judged(102_000, 50, true);
    expect(pace.isDue(103_000)).toBe(true);
  });

  it.each([
    ['a target fails', read('http:GET /', { ok: false })],
    ['a container cannot be read any more', read('inside:api', { sockets: null })],
    ['a workload ends', services('exited')],
    ['an engine tells of something', read('events', { events: [{ at: 5 }], lost: 0 })],
    [
      'a lookup gets no answer',
      read('dns:api', { names: [{ resolved: false, steps: [{ outcome: 'timeout' }] }] }),
    ],
  ])('judges at once when %s', (_, outcome) => {
    const pace = calmPace(50);
    pace.take(outcome);
    expect(pace.isDue(101_000)).toBe(true);
  });

  it('is not moved by what is as it was', () => {
    const pace = calmPace(50);
    pace.take(services('running'));
    pace.take(read('http:GET /', { ok: true }));
    pace.take(read('events', { events: [], lost: 0 }));
    expect(pace.isDue(101_000)).toBe(false);
  });
});
