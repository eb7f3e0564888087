import { setTimeout as sleep } from 'node:timers/promises';

/** How long what must come is waited for (ms). It is long, since a machine may be busy, and only a failure waits so long. */
export const PATIENCE_MS = 90_000;

/** A test that waits for something real is given up later than its waits are. */
export const PATIENT_TEST_MS = 2 * PATIENCE_MS;

const LOOK_MS = 50;

/** Whether a condition holds, now or within a time (ms). */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  withinMs = PATIENCE_MS,
): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) return false;
    await sleep(LOOK_MS);
  }
  return true;
}

/** Waits for a condition; rejects, saying what did not come, when it does not hold within a time (ms). */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = PATIENCE_MS,
): Promise<void> {
  if (!(await eventually(holds, withinMs))) throw new Error(`not within ${withinMs} ms: ${what}`);
}
