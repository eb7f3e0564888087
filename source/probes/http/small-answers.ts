import { networkInterfaces } from 'node:os';
import { smallSegmentOf } from '../../linux/small-segments.js';
import type { Attempt } from './attempt.js';
import { beginAttempt } from './attempt.js';
import { openTcpSmall } from './connect.js';
import { HttpError, timeoutIn } from './http-error.js';
import type { Task } from './progress.js';
import type { HttpFailure } from './sample.js';

/** So often by turns: what hangs now and then does so by chance once or twice. */
const TIMES = 3;
/** An answer in small segments is waited for so long (ms) at most. */
const SMALL_MS = 2_000;
/** One in usual segments for this many times as long as that took, and so long (ms): a lost packet costs one second. */
const PATIENCE_TIMES = 5;
const LEAST_PATIENCE_MS = 1_000;
const MOST_PATIENCE_MS = 3_000;
/** All of it takes no longer (ms). */
export const LONGEST_ROUND_MS = TIMES * SMALL_MS + (TIMES - 1) * MOST_PATIENCE_MS;
/** An answer of fewer bytes passes any way whole: the least MTU of IPv6 is 1280 (RFC 8200), of which 40 are TCP and IP at least. */
const LEAST_BYTES = 1_240;

/** What an attempt came to within `ms`; undefined where it is still under way. */
export type Within = (
  attempt: Attempt,
  ms: number,
  signal: AbortSignal,
) => Promise<HttpError | null | undefined>;

/** Whether a request stopped where large packets may have been lost on its way: connected, and its answer does not come. */
export const mayBeTooLarge = (
  { endpoint, way, method }: Task,
  { kind, phase }: Pick<HttpFailure, 'kind' | 'phase'>,
  address: string | null,
): boolean =>
  kind === 'timeout' &&
  (phase === 'firstByte' || phase === 'transfer') &&
  endpoint.kind === 'http' &&
  way.proxy === null &&
  method === 'GET' &&
  address !== null &&
  !isOwnAddress(address);

/** On one machine there is no way on which anything is too large. */
const isOwnAddress = (address: string): boolean =>
  address.startsWith('127.') ||
  Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));

/**
 * Asks by turns on connections with small segments and on usual ones, one at a time. Gives what a failure is told with
 * where the first are answered whole each time and the others stop each time; undefined where not, or where sockets
 * cannot be told. Rejects with the signal's reason.
 */
export async function onlyInSmallSegments(
  task: Task,
  address: string,
  within: Within,
  signal: AbortSignal,
): Promise<HttpFailure['onlySmall']> {
  let bytes = 0;
  for (let times = 1; times <= TIMES; times++) {
    const small = beginAttempt({ ...task, timeoutMs: SMALL_MS, open: openTcpSmall });
    const ended = await over(small, SMALL_MS, within, signal);
    if (ended !== null || small.bytes < LEAST_BYTES) return undefined;
    bytes = small.bytes;
    if (times === TIMES) break;
    const patienceMs = Math.min(MOST_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, PATIENCE_TIMES * small.tookMs));
    const usual = beginAttempt({ ...task, timeoutMs: patienceMs });
    const failure = await over(usual, patienceMs, within, signal);
    if (failure?.kind !== 'timeout' || (failure.phase !== 'firstByte' && failure.phase !== 'transfer'))
      return undefined;
  }
  return { times: TIMES, segment: smallSegmentOf(address), bytes };
}

/** Its end, which comes after so long at the latest. */
async function over(
  attempt: Attempt,
  ms: number,
  within: Within,
  signal: AbortSignal,
): Promise<HttpError | null> {
  const ended = await within(attempt, ms, signal);
  if (ended !== undefined) return ended;
  const reason = timeoutIn(attempt.phase, ms);
  attempt.stop(reason);
  return new HttpError('timeout', attempt.phase, reason.message);
}
