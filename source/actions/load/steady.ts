import { type Clock, repeat, systemClock } from '../../clock.js';
import { loadTarget } from './loopback.js';
import { sendRequest } from './request.js';

export interface SteadyLoadOptions {
  /** A URL of this machine. */
  readonly url: string;
  readonly perSecond: number;
  /** Requests under way at once at most: one more is not sent, however slow the answers are. */
  readonly mostUnderWay: number;
  /** It ends by itself after so long (ms). */
  readonly forMs: number;
  /** How long each request waits for its answer (ms). */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/** Requests at an even pace until it is stopped or its time is over. Throws when the URL is not this machine's. */
export function steadyLoad(options: SteadyLoadOptions): { stop(): void } {
  const url = loadTarget(options.url).href;
  const { clock = systemClock } = options;
  const abort = new AbortController();
  let underWay = 0;
  const send = async (): Promise<void> => {
    if (underWay >= options.mostUnderWay) return;
    underWay += 1;
    await sendRequest({ url, timeoutMs: options.timeoutMs, signal: abort.signal });
    underWay -= 1;
  };
  const rest = repeat(clock, 1000 / options.perSecond, () => void send());
  const stop = (): void => {
    rest();
    clock.clearTimeout(end);
    abort.abort();
  };
  const end = clock.setTimeout(stop, options.forMs);
  return { stop };
}
