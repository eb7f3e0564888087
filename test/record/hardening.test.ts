import { describe, expect, it } from 'vitest';
import type { Lab } from '../../scenarios/lab/lab.js';
import { burst } from '../../source/actions/burst.js';
import { built } from '../helpers/built.js';
import { sleep } from '../helpers/stage.js';

/**
 * Each hardening switch changes the outcome of the same 120 requests. Measured when this was written: without any
 * the lab stays down; with one it answers all probes again within the time below (backoff drains slowest).
 */
const SWITCHES = ['bulkhead', 'deadline', 'pool', 'rate-limit', 'breaker', 'lifo', 'backoff'];
/** Longest time to health with a switch on (ms); without one the lab is still down after it. */
const HEALED_WITHIN_MS = 50_000;

async function openLab(): Promise<Lab> {
  const { startLab } = await built<{ startLab(options: { progress: () => void }): Promise<Lab> }>(
    'scenarios/lab/start.js',
  );
  return startLab({ progress: () => undefined });
}

const signal = new AbortController().signal;

/** Milliseconds after the spike at which three requests in a row were answered, or null. */
async function healedAfter(url: string, withinMs: number): Promise<number | null> {
  const began = performance.now();
  let good = 0;
  while (performance.now() - began < withinMs) {
    const { okCount } = await burst({ url, count: 1, timeoutMs: 3000, signal });
    good = okCount === 1 ? good + 1 : 0;
    if (good === 3) return performance.now() - began;
    await sleep(500);
  }
  return null;
}

async function outcome(hardening: string | undefined): Promise<number | null> {
  const lab = await openLab();
  try {
    if (hardening) await lab.setHardening(hardening, true);
    const url = `${lab.addresses.appUrl}/todos`;
    await burst({ url, count: 3, timeoutMs: 5000, signal });
    await burst({ url, count: 120, timeoutMs: 5000, signal });
    return await healedAfter(url, HEALED_WITHIN_MS);
  } finally {
    await lab.close();
  }
}

describe('120 requests at once', () => {
  it.concurrent('stay down with no hardening', async () => {
    expect(await outcome(undefined)).toBeNull();
  }, 120_000);

  it.concurrent.each(SWITCHES)(
    'heal by themselves with %s',
    async (hardening) => {
      expect(await outcome(hardening)).not.toBeNull();
    },
    120_000,
  );
});
