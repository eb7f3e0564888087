import { openEntries } from '../../faults/journal.js';
import type { Runtime } from '../../runtime.js';

/** What faults left behind: those that this runtime still holds, and what it wrote in the journal and not crossed out. */
export async function residueOf(runtime: Runtime): Promise<readonly string[]> {
  const held = runtime.store.getState().faults.map((fault) => `not undone: ${fault.text}`);
  const written = openEntries().entries.filter(({ owner }) => owner.pid === process.pid);
  return [...held, ...written.map(({ id, what }) => `still in the journal: ${what} (${id})`)];
}
