import type { FaultPlan, Observation, Reading, ReadingResult } from '../fault-plan.js';
import { tableName } from '../names.js';

/** The rules of a fault's own table with their counters. */
export const packetsReading = (id: string, family: 'inet' | 'netdev' = 'inet'): Reading => ({
  name: `rules ${family}`,
  command: ['nft', '-n', 'list', 'table', family, tableName(id)],
});

/** Packets that the counted rules of a fault's tables took, in all; null when none of them could be read. */
export function packetsOf({ readings }: FaultPlan, seen: Observation): number | null {
  const counts = readings
    .filter(({ name }) => name.startsWith('rules '))
    .flatMap(({ name }) => countedIn(seen.readings[name]) ?? []);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

function countedIn(result: ReadingResult | undefined): number | null {
  if (result?.code !== 0) return null;
  const counters = [...result.output.matchAll(/\bcounter packets (\d+)/g)];
  return counters.reduce((sum, [, packets]) => sum + Number(packets), 0);
}

/** The kernel's own list of queues that somebody reads. */
export const queueReading: Reading = {
  name: 'queues',
  command: ['cat', '/proc/net/netfilter/nfnetlink_queue'],
};

/**
 * Packets that went through a queue; null when nobody reads it. Columns of nfqnl_seq_show (nfnetlink_queue.c): number,
 * reader, waiting, mode, range, dropped, dropped by the reader, id of the last packet, 1.
 */
export function queuedOf(seen: Observation, queue: number): number | null {
  const result = seen.readings[queueReading.name];
  for (const line of (result?.code === 0 ? result.output : '').split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (Number(columns[0]) === queue && columns.length >= 8) return Number(columns[7]);
  }
  return null;
}

/** Queueing disciplines of every device with their figures. */
export const qdiscsReading: Reading = { name: 'qdiscs', command: ['tc', '-j', 'qdisc', 'show'] };

/** Bits a second of the first token bucket; null without one, undefined when it could not be read. */
export function rateOf(seen: Observation): number | null | undefined {
  const result = seen.readings[qdiscsReading.name];
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
