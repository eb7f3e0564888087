import { outcomeOfError } from '../load/request.js';
import type { StepResult } from './results.js';

export interface SustainOptions {
  readonly url: string;
  /** Requests at once, kept up until all are sent. */
  readonly connections: number;
  readonly requests: number;
  /** Ends after this long (ms) even when requests are left. */
  readonly longestMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

export type SustainResult = Pick<
  StepResult,
  'requests' | 'okCount' | 'outcomes' | 'tookMs' | 'p50Ms' | 'p99Ms'
>;

/**
 * `requests` requests with `connections` at once, as `ab -n 1000 -c 10` of the Container Networking Exhaustion
 * document, driven by autocannon. Bounded by `longestMs` and by the signal; what was not sent then is not counted.
 */
export async function sustain(options: SustainOptions): Promise<SustainResult> {
  // Loaded when it is used: it takes a good part of a headless command's start.
  const { default: autocannon } = await import('autocannon');
  const began = performance.now();
  const outcomes: Record<string, number> = {};
  let done = 0;
  const count = (outcome: string): void => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    done += 1;
    if (done % 25 === 0) options.onProgress?.(done);
  };
  const result = await new Promise<Awaited<ReturnType<typeof autocannon>>>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const run = autocannon(
      {
        url: options.url,
        connections: Math.min(options.connections, options.requests),
        // Connections are kept alive: autocannon counts a request twice when the server closes after each one, and
        // records none with `reconnectRate: 1` (lib/httpClient.js of 9.0.0).
        amount: options.requests,
        timeout: Math.max(1, Math.round(options.timeoutMs / 1000)),
      },
      (error, ended) => {
        clearTimeout(timer);
        options.signal.removeEventListener('abort', stop);
        if (error) reject(error);
        else resolve(ended);
      },
    );
    const stop = (): void => run.stop();
    timer = setTimeout(stop, options.longestMs);
    if (options.signal.aborted) stop();
    options.signal.addEventListener('abort', stop, { once: true });
    run.on('response', (_client, status) => count(String(status)));
    run.on('reqError', (error) => count(errorOutcome(error)));
  });
  const total = (pattern: RegExp): number =>
    Object.entries(outcomes).reduce((sum, [outcome, n]) => sum + (pattern.test(outcome) ? n : 0), 0);
  const answered = total(/^\d{3}$/) > 0;
  return {
    requests: done,
    okCount: total(/^2\d\d$/),
    outcomes,
    tookMs: performance.now() - began,
    p50Ms: answered ? result.latency.p50 : null,
    p99Ms: answered ? result.latency.p99 : null,
  };
}

function errorOutcome(error: unknown): string {
  const named = outcomeOfError(error);
  return named === 'failed' && error instanceof Error && /timed? ?out/i.test(error.message)
    ? 'timeout'
    : named;
}
