import { type Clock, systemClock } from '../clock.js';
import { loadTarget } from './load/loopback.js';
import { sendRequest } from './load/request.js';

/** More would measure our own descriptors and ports rather than the target. */
export const MOST_AT_ONCE = 1000;

export interface BurstOptions {
  readonly url: string;
  /** Requests sent at once, 1 to 1,000. */
  readonly count: number;
  /** Milliseconds that each client waits (default 5,000). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Also lets load leave this machine. */
  readonly allowRemote?: boolean;
  /** Whose time the clients wait by. */
  readonly clock?: Clock;
  /** Called after each answer with the counts so far. */
  readonly onProgress?: (done: number, total: number, outcomes: Readonly<Record<string, number>>) => void;
}

export interface BurstResult {
  readonly total: number;
  /** How many ended how: `200`, `500`, `timeout`, `refused`, `reset` … */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Answers with a status of 200 to 299. */
  readonly okCount: number;
  readonly tookMs: number;
}

/**
 * Sends `count` requests at the same moment, each on its own fresh connection, and counts how they ended: document
 * Container Networking Exhaustion, "Attack Launch". Rejects when the URL or the count is not allowed; an abort ends
 * it early with the rest counted as `aborted`.
 */
export async function burst(options: BurstOptions): Promise<BurstResult> {
  const { count, timeoutMs = 5000, signal, clock = systemClock } = options;
  if (!Number.isInteger(count) || count < 1 || count > MOST_AT_ONCE)
    throw new Error(`a burst is 1 to ${MOST_AT_ONCE} requests, not ${count}`);
  const url = loadTarget(options.url, options.allowRemote).href;
  const began = clock.now();
  const outcomes: Record<string, number> = {};
  let done = 0;
  let okCount = 0;
  await Promise.all(
    Array.from({ length: count }, async () => {
      const result = await sendRequest({ url, timeoutMs, signal, clock });
      outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
      done += 1;
      if (isGood(result.status)) okCount += 1;
      options.onProgress?.(done, count, outcomes);
    }),
  );
  return { total: count, outcomes, okCount, tookMs: clock.now() - began };
}

/** Whether a status is one of success (RFC 9110, section 15.3). */
export function isGood(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
