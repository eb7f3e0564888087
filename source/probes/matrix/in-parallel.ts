import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Runs `work` over all items, at most `most` at once, and resolves with the results in the items' order. The first
 * failure ends it: what is not begun is left, what runs is waited for. One begins in each turn of the event loop, so
 * that what `work` times is not the beginning of the others.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  let failed = false;
  let gate: Promise<unknown> = Promise.resolve();
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length && !failed; at = next++) {
      try {
        gate = gate.then(() => nextTurn());
        await gate;
        results[at] = await work(items[at] as Item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, lane));
  for (const each of lanes) if (each.status === 'rejected') throw each.reason;
  return results;
}
