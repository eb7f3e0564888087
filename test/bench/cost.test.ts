import { describe, expect, test } from 'vitest';
import { createCostMeter } from '../../source/runtime/cost.js';

/** Uses CPU for so long (ms of the processor, however busy the machine is). */
function work(ms: number): void {
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 >= ms) return;
  }
}

describe('the cost meter', () => {
  test('says nothing of a moment too short to tell', () => {
    const meter = createCostMeter(() => 0);
    work(20);
    expect(meter.read(500)).toEqual({ cpuPercent: 0, bytesPerSecond: 0 });
  });

  test('is an average over the last ten readings: what was before them is forgotten', () => {
    let now = 0;
    const meter = createCostMeter(() => now);
    work(200);
    now = 1_000;
    const busy = meter.read(10_000);
    // 200 ms of work in what the clock calls a second; other threads of this process may have added to it.
    expect(busy.cpuPercent).toBeGreaterThan(19);
    expect(busy.bytesPerSecond).toBe(10_000);
    let idle = busy;
    for (let i = 0; i < 10; i++) {
      now += 1_000;
      idle = meter.read(10_000);
    }
    expect(idle.cpuPercent).toBeLessThan(busy.cpuPercent / 2);
    expect(idle.bytesPerSecond).toBe(0);
  });
});
