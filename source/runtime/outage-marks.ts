import { verbsThat } from '../engines/verbs.js';
import { NO_OUTAGE } from '../store/outage.js';
import type { Outage, Store } from '../store/state.js';
import { addEntry } from '../store/timeline.js';

/** Actions that pull a trigger, and actions that are meant to end an outage. */
const TRIGGERS: ReadonlySet<string> = new Set(['spike', 'inject', 'breaking-point', ...verbsThat('breaks')]);
const FIXES: ReadonlySet<string> = new Set([...verbsThat('mends'), 'undo-all', 'fix']);

/** Sets the marks on the outage clock that actions make: trigger, fix, verified. `at` is wall-clock ms. */
export function markOutage(
  store: Store,
  action: string,
  moment: 'started' | 'done' | 'failed',
  at: number,
): void {
  const { outage, lastOutage } = store.getState();
  // A trigger that nobody has felt yet is no outage: the next one takes its place.
  if (TRIGGERS.has(action) && moment === 'started' && outage?.symptomAt == null)
    store.setState({ outage: { ...NO_OUTAGE, triggeredAt: at }, lastOutage: null, verification: [] });
  if (FIXES.has(action) && moment === 'started' && outage?.symptomAt != null && outage.fixedAt === null)
    store.setState({ outage: { ...outage, fixedAt: at } });
  if (action === 'verify' && moment === 'done') {
    if (outage?.symptomAt != null) store.setState(verified(outage, at));
    else if (lastOutage)
      store.setState({ lastOutage: { ...lastOutage, verifiedAt: lastOutage.verifiedAt ?? at } });
  }
}

const verified = (outage: Outage, at: number): { outage: Outage } => ({
  outage: { ...outage, verifiedAt: at },
});

/** Marks, and writes on the timeline, that something was done at `at` (wall-clock ms) to end the outage. */
export function noteFix(store: Store, at: number, what: string): void {
  markOutage(store, 'fix', 'started', at);
  store.setState(({ timeline }) => ({ timeline: addEntry(timeline, { at, kind: 'action', text: what }) }));
}
