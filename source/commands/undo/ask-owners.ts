import { setTimeout as sleep } from 'node:timers/promises';
import { type JournalEntry, openEntries } from '../../faults/desk/journal.js';
import { catchesSignal } from '../../linux/process/caught-signals.js';
import { isAlive, signalProcess } from '../../linux/process/identity.js';

/** A console that runs a lab takes this signal as its own undo-all. */
export const UNDO_SIGNAL = 'SIGUSR2';
/** A service needs this long to start again (ms), and a console that does not react is not waited for longer. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 100;

/** Entries of consoles that run now: only they can start a service of their lab again. */
function ownedByLiving(): readonly JournalEntry[] {
  return openEntries().entries.filter(({ owner }) => owner.pid !== process.pid && isAlive(owner));
}

/** Asks each live console to undo what it injected and waits until it crossed that out; says what was done. */
export async function askOwners(): Promise<readonly string[]> {
  const entries = ownedByLiving();
  // Who does not listen for it would die of it: no console of ours.
  const listening = entries.filter(({ owner }) => catchesSignal(owner.pid, UNDO_SIGNAL) !== false);
  const owners = new Map(listening.map(({ owner }) => [owner.pid, owner]));
  for (const owner of owners.values()) {
    try {
      signalProcess(owner, UNDO_SIGNAL);
    } catch {
      // Another user's console: what it holds is reported as left.
    }
  }
  const end = performance.now() + PATIENCE_MS;
  const open = (): Set<string> => new Set(ownedByLiving().map(({ id }) => id));
  const waitedFor = (): boolean => {
    const still = open();
    return listening.some(({ id }) => still.has(id));
  };
  while (waitedFor() && performance.now() < end) await sleep(LOOK_MS);
  const left = open();
  return entries
    .filter(({ id }) => !left.has(id))
    .map(({ scenario, what, owner }) => `${scenario}: ${what}: undone by its console (pid ${owner.pid})`);
}
