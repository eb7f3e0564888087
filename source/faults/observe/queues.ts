import type { Reading, ReadingResult } from '../fault-plan.js';

/** Queueing disciplines of every device with their figures. */
export const queuesReading: Reading = { name: 'qdiscs', command: ['tc', '-j', 'qdisc', 'show'] };

/** Bits a second of the first token bucket; null without one, undefined when it could not be read. */
export function queueRateOf(result: ReadingResult | undefined): number | null | undefined {
  if (result?.code !== 0) return undefined;
  try {
    const found = JSON.parse(result.output) as { kind?: string; options?: { rate?: number } }[];
    const rate = found.find(({ kind }) => kind === 'tbf')?.options?.rate;
    // tc tells bytes a second.
    return rate === undefined ? null : rate * 8;
  } catch {
    return undefined;
  }
}
