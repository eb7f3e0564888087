import type { Reading, ReadingResult } from '../fault-plan.js';

/** The kernel's own list of queues that somebody reads. */
export const queueReading: Reading = {
  name: 'queues',
  command: ['cat', '/proc/net/netfilter/nfnetlink_queue'],
};

/**
 * Packets that went through a queue; null when nobody reads it. Columns of nfqnl_seq_show (nfnetlink_queue.c): number,
 * reader, waiting, mode, range, dropped, dropped by the reader, id of the last packet, 1.
 */
export function queuedOf(result: ReadingResult | undefined, queue: number): number | null {
  for (const line of (result?.code === 0 ? result.output : '').split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (Number(columns[0]) === queue && columns.length >= 8) return Number(columns[7]);
  }
  return null;
}
