import { describe, expect, test } from 'vitest';
import { Intake } from '../../source/store/intake/intake.js';
import { foldCounters, type LabCounters, type LabState } from '../../source/store/lab.js';

const counters = (queue: number): LabCounters => ({
  resolver: { served: 1, dropped: 0, queue, queueMax: 256 },
  app: { inFlight: 3, waiting: 2, slots: 64 },
  visitors: null,
});

describe('what a lab counts about itself', () => {
  test('is kept for two minutes, apart from what the diagnosis reads', () => {
    let state: LabState | null = null;
    for (let at = 0; at <= 300_000; at += 1_000) state = foldCounters(state, at, counters(at / 1_000));
    expect(state).toMatchObject({ at: 300_000, stale: false, counters: counters(300) });
    expect(state?.queue.map(({ value }) => value)).toEqual(Array.from({ length: 120 }, (_, i) => 181 + i));
    expect(state?.inFlight.at(-1)).toEqual({ at: 300_000, value: 5 });
  });

  test('is unknown, not zero, where a program does not answer', () => {
    const state = foldCounters(null, 5, { resolver: null, app: null, visitors: null });
    expect(state?.queue).toEqual([{ at: 5, value: Number.NaN }]);
    expect(state?.inFlight).toEqual([{ at: 5, value: Number.NaN }]);
  });

  test('is old once it cannot be read any more', () => {
    expect(foldCounters(foldCounters(null, 5, counters(1)), 9, null)).toMatchObject({ at: 5, stale: true });
    expect(foldCounters(null, 9, null)).toBeNull();
  });

  test('is passed over where an old recording holds it', () => {
    const intake = new Intake();
    intake.take({ ok: true, id: 'lab', at: 1, tookMs: 1, sample: counters(256) });
    const { latest, signals } = intake.tick(2);
    expect(latest).toEqual({ http: {} });
    expect(signals().filter((signal) => signal.includes('lab'))).toEqual([]);
  });
});
