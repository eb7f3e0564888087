import { setTimeout as sleep } from 'node:timers/promises';
import { readCounters } from './counters.js';

const READY_MS = 30_000;
const LOOK_MS = 100;
const PATIENCE_MS = 3_000;

/**
 * Resolves once the application answers from its database through the gateway, each replica has its slots and the
 * forwarder counts. Rejects with what was still missing.
 */
export async function untilReady(appUrl: string, resolver: string, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + READY_MS;
  for (;;) {
    signal?.throwIfAborted();
    const missing = await missingNow(appUrl, resolver);
    if (missing === null) return;
    if (performance.now() > end)
      throw new Error(`the lab did not become ready within ${READY_MS / 1000} s: ${missing}`);
    await sleep(LOOK_MS, undefined, { signal });
  }
}

async function missingNow(appUrl: string, resolver: string): Promise<string | null> {
  const counters = await readCounters(appUrl, resolver);
  if (counters.resolver === null) return 'resolver does not answer';
  if (counters.app === null) return 'a replica of todo-app does not answer';
  try {
    const answer = await fetch(`${appUrl}/test-db`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? null : `GET /test-db: ${answer.status} ${(await answer.text()).trim().slice(0, 200)}`;
  } catch (error) {
    return `GET /test-db: ${(error as Error).message}`;
  }
}
