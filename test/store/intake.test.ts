import { describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../source/probes/probe.js';
import { mean, quantile } from '../../source/probes/quantile.js';
import { type HttpSample, KERNEL_COUNTERS, type KernelCounter } from '../../source/probes/samples.js';
import { Intake } from '../../source/store/intake/intake.js';
import { containerFacts, services } from '../helpers/samples.js';

function http(at: number, ok: boolean, totalMs: number): ProbeOutcome {
  const sample: HttpSample = {
    target: 'GET /todos',
    url: 'http://127.0.0.1:1/todos',
    ok,
    status: ok ? 200 : null,
    failure: ok ? null : { kind: 'timeout', phase: 'firstByte', text: 'no first byte' },
    phases: { dns: null, connect: 1, tls: null, firstByte: ok ? totalMs : null, transfer: null },
    totalMs,
    address: '127.0.0.1',
  };
  return { ok: true, id: 'http:GET /todos', at, tookMs: totalMs, sample };
}

function kernel(at: number, values: Partial<Record<KernelCounter, number | null>>): ProbeOutcome {
  const counters = Object.fromEntries(KERNEL_COUNTERS.map((name) => [name, values[name] ?? null]));
  return { ok: true, id: 'kernel', at, tookMs: 1, sample: { counters, means: '/proc' } };
}

describe('Intake', () => {
  it('adds up success and latency over their windows', () => {
    const intake = new Intake();
    for (let i = 0; i < 10; i++) intake.take(http(i * 1000, i < 5, i < 5 ? 10 : 5000));
    const history = intake.tick(9000);
    expect(history.window('http.success', 1000).at(-1)?.value).toBe(0.5);
    expect(history.window('http.p99', 1000).at(-1)?.value).toBe(5000);
    expect(history.window('http.p50', 1000).at(-1)?.value).toBe(10);
    expect(history.window('http.ok{GET /todos}', 9000)).toHaveLength(10);
  });

  it('makes rates of counters, and none of a first reading, a reset or an absent counter', () => {
    const intake = new Intake();
    const rate = (): number => intake.tick(5000).window('kernel.Tcp.OutRsts', 5000).at(-1)?.value as number;
    intake.take(kernel(1000, { 'Tcp.OutRsts': 100 }));
    expect(rate()).toBeNaN();
    intake.take(kernel(3000, { 'Tcp.OutRsts': 110 }));
    expect(rate()).toBe(5);
    intake.take(kernel(4000, { 'Tcp.OutRsts': 3 }));
    expect(rate()).toBeNaN();
    intake.take(kernel(5000, {}));
    expect(rate()).toBeNaN();
  });

  it('tells how full the memory of a container is and how much it is held back, and nothing without a limit', () => {
    const intake = new Intake();
    const limits = { memoryBytes: 400, cpus: 0.5, pids: null };
    const limited = {
      memoryBytes: 100,
      container: containerFacts({ limits, throttledPercent: 30, oomKills: 2 }),
    };
    const free = { memoryBytes: 100, container: containerFacts() };
    const sample = services({ shop: limited, store: free });
    intake.take({ ok: true, id: 'services', at: 1000, tookMs: 1, sample });
    const history = intake.tick(1000);
    const last = (signal: string) => history.window(signal, 1000).at(-1)?.value;
    expect([last('service.memoryFill{shop}'), last('service.throttled{shop}')]).toEqual([0.25, 30]);
    expect([last('service.memoryFill{store}'), last('service.throttled{store}')]).toEqual([NaN, NaN]);
    expect([last('service.oomKills{shop}'), last('service.oomKills{names}')]).toEqual([2, undefined]);
  });

  it('keeps the last sample of a failing source and marks it stale, and an overdue one too', () => {
    const intake = new Intake((id) => (id === 'http:GET /todos' ? 3000 : 60_000));
    intake.take(kernel(1000, { 'Tcp.OutRsts': 1 }));
    intake.take({ ok: false, id: 'kernel', at: 2000, tookMs: 1, kind: 'not-readable', reason: 'EACCES' });
    intake.take(http(1000, true, 5));
    const { latest } = intake.tick(2000);
    expect(latest.kernel).toMatchObject({ at: 1000, stale: true });
    expect(latest.http['GET /todos']?.stale).toBe(false);
    expect(intake.tick(4001).latest.http['GET /todos']?.stale).toBe(true);
    expect(latest.sockets).toBeUndefined();
  });
});

describe('quantile', () => {
  it('is the nearest rank, and NaN of nothing', () => {
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95)).toBe(10);
    expect(quantile([Number.NaN, 7], 0.5)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
    expect(mean([Number.NaN, 2, 4])).toBe(3);
    expect(mean([])).toBeNaN();
  });
});
