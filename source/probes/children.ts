import type { Clock } from '../clock.js';
import { readChildren } from '../linux/process/process-tree.js';

/** The table is read again after 50 times what reading it took: at most a fiftieth of one core. */
const COST_FACTOR = 50;
const LONGEST_AGE_MS = 10_000;
/** Every process is looked at again this often (ms), for numbers that new processes use again. */
const AFRESH_MS = 10_000;

/** Children by parent of all processes, read no more often than a host with thousands of them can bear. */
export function createChildrenTable(clock: Clock): () => ReadonlyMap<number, readonly number[]> {
  let table: ReadonlyMap<number, readonly number[]> = new Map();
  let due = Number.NEGATIVE_INFINITY;
  let known = new Map<number, number>();
  let knownSince = Number.NEGATIVE_INFINITY;
  return () => {
    const began = clock.now();
    if (began < due) return table;
    if (began - knownSince >= AFRESH_MS) {
      known = new Map();
      knownSince = began;
    }
    table = readChildren('/proc', known);
    const cost = clock.now() - began;
    due = began + Math.min(cost * COST_FACTOR, LONGEST_AGE_MS);
    return table;
  };
}
