import type { Runtime } from '../../runtime.js';

/** What faults left behind: those that this runtime still holds. */
export async function residueOf(runtime: Runtime): Promise<readonly string[]> {
  return runtime.store.getState().faults.map((fault) => `not undone: ${fault.text}`);
}
