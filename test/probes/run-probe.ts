import type { Probe } from '../../source/probes/probe.js';

/** One run of a probe, as the scheduler would start it. */
export async function runProbe<Sample>(
  probe: Probe<Sample>,
  signal = new AbortController().signal,
): Promise<Sample> {
  return await probe.run({ signal, now: performance.now() });
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
