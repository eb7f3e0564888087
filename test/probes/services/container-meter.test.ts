import { describe, expect, it } from 'vitest';
import { ContainerMeter } from '../../../source/probes/services/container-meter.js';
import { container, reading } from './containers.js';

const own = (counters: Parameters<typeof reading>[0], at: number) => ({
  reading: reading(counters),
  at,
  own: true,
});

describe('the use of a container', () => {
  it('is per-core percent, memory without the file cache, and the share of periods it was held back in', () => {
    const meter = new ContainerMeter();
    expect(meter.figures(container(), own({}, 0))).toMatchObject({
      cpuPercent: null,
      throttledPercent: null,
      memoryBytes: 32 * 2 ** 20,
      pids: 3,
    });
    const after = own({ usageUs: 200_000, periods: 10, throttledPeriods: 9 }, 1_000);
    expect(meter.figures(container(), after)).toMatchObject({
      cpuPercent: 20,
      throttledPercent: 90,
      throttling: { periods: 10, throttledPeriods: 9, throttledMs: 7 },
      limits: { cpus: 0.2, memoryBytes: 64 * 2 ** 20, pids: null },
    });
    // Too soon for another rate: the last one stands.
    expect(meter.figures(container(), own({ usageUs: 200_100 }, 1_050)).cpuPercent).toBe(20);
    // Idle: no period passed, so it was held back in none.
    const idle = own({ usageUs: 200_000, periods: 10, throttledPeriods: 9 }, 2_000);
    expect(meter.figures(container(), idle).throttledPercent).toBe(0);
  });

  it('has no throttling without a quota: its own files count, not what it was made with', () => {
    const meter = new ContainerMeter();
    meter.figures(container(), own({ limitCores: null }, 0));
    const figures = meter.figures(container(), own({ limitCores: null, periods: 5 }, 1_000));
    expect(figures).toMatchObject({ throttling: null, throttledPercent: null, limits: { cpus: null } });
    const asked = meter.figures(container(), {
      reading: reading({ limitCores: null }),
      at: 9_000,
      own: false,
    });
    expect(asked.limits.cpus).toBe(0.2);
    expect(asked.throttling).not.toBeNull();
  });

  it('begins anew with a restart, and keeps the out-of-memory kills of all its lives', () => {
    const meter = new ContainerMeter();
    meter.figures(container(), own({ usageUs: 900_000, oomKills: 2 }, 0));
    const again = container({ startedAt: 2_000 });
    expect(meter.figures(again, own({ usageUs: 1_000, oomKills: 0 }, 1_000))).toMatchObject({
      cpuPercent: null,
      oomKills: 2,
    });
    expect(meter.figures(again, own({ usageUs: 11_000, oomKills: 1 }, 2_000))).toMatchObject({
      cpuPercent: 1,
      oomKills: 3,
    });
    // A look that failed is no new life, and what only Docker's events tell counts, too.
    expect(meter.figures(again, undefined)).toMatchObject({ memoryBytes: null, oomKills: 3 });
    expect(meter.figures({ ...again, oomKills: 5 }, own({ oomKills: 1 }, 3_000)).oomKills).toBe(5);
    meter.keepOnly(new Set());
    expect(meter.figures(again, own({ oomKills: 1 }, 4_000)).oomKills).toBe(1);
  });
});
