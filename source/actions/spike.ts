import { type Clock, systemClock } from '../clock.js';
import type { Action } from './action.js';
import { burst } from './burst.js';
import { outcomeRows, outcomesText } from './load/outcomes.js';

/** The trigger of the Container Networking Exhaustion document. */
export const SPIKE_COUNT = 120;

export interface SpikeOptions {
  /** URL that receives it: `http://127.0.0.1:PORT/todos`. */
  readonly url: string;
  readonly count?: number;
  /** Milliseconds each client waits (default 5,000). */
  readonly timeoutMs?: number;
  readonly allowRemote?: boolean;
  readonly clock?: Clock;
}

/** A traffic spike as an action: `count` (default 120) requests at once. The target's failing is the point, so it ends ok. */
export function createSpike(options: SpikeOptions): Action {
  const { url, count = SPIKE_COUNT, timeoutMs = 5000, allowRemote = false, clock = systemClock } = options;
  return {
    name: 'spike',
    title: `traffic spike: ${count} requests at once`,
    touches: `sends ${count} GET requests to ${url} at the same moment`,
    deadlineMs: timeoutMs + 10_000,
    async run(context) {
      const result = await burst({
        url,
        count,
        timeoutMs,
        allowRemote,
        clock,
        signal: context.signal,
        onProgress: (done, total, outcomes) =>
          context.progress({
            share: done / total,
            text: `${done} of ${total} ended`,
            rows: outcomeRows(outcomes),
          }),
      });
      return {
        ok: !context.signal.aborted,
        text: outcomesText(result.outcomes),
        rows: outcomeRows(result.outcomes),
      };
    },
  };
}
