import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, isAlive, type ProcessIdentity, signalProcess } from '../../linux/process/identity.js';

export interface Ending extends ProcessIdentity {
  readonly stopSignal: NodeJS.Signals;
}

const POLL_MS = 25;
const KILL_WAIT_MS = 2_000;

/**
 * Ends processes: SIGCONT (a frozen one takes no other signal), its stop signal, SIGKILL after `graceMs`.
 * Descendants are thawed with it and killed at the end if they outlived it. Returns what could not be ended.
 */
export async function endProcesses(
  list: readonly Ending[],
  graceMs: number,
): Promise<readonly ProcessIdentity[]> {
  const living = list.filter(isAlive);
  const families = living.flatMap(({ pid }) => descendantsOf(pid));
  for (const member of [...families, ...living]) quietly(member, 'SIGCONT');
  for (const member of living) quietly(member, member.stopSignal);
  const all = [...living, ...families];
  if (await gone(all, graceMs)) return [];
  for (const member of all) quietly(member, 'SIGKILL');
  await gone(all, KILL_WAIT_MS);
  return all.filter(isAlive);
}

/** What may not be signalled is reported as left over by the caller's last look, not here. */
function quietly(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    signalProcess(identity, signal);
  } catch {}
}

async function gone(list: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (list.some(isAlive)) {
    if (performance.now() >= end) return false;
    await sleep(POLL_MS);
  }
  return true;
}
