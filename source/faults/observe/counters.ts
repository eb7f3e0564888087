import type { Reading, ReadingResult } from '../fault-plan.js';
import { tableName } from '../plan/table-name.js';

/** The rules of a fault's own table with their counters. */
export const packetsReading = (id: string, family: 'inet' | 'netdev' = 'inet'): Reading => ({
  name: `rules ${family}`,
  command: ['nft', '-n', 'list', 'table', family, tableName(id)],
});

/** Packets that the counted rules of a table took, in all; null when the table could not be read. */
export function packetsOf(result: ReadingResult | undefined): number | null {
  if (result?.code !== 0) return null;
  const counters = [...result.output.matchAll(/\bcounter packets (\d+)/g)];
  return counters.reduce((sum, [, packets]) => sum + Number(packets), 0);
}
