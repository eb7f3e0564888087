import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from './hardening/backoff.js';
import type { Breaker } from './hardening/breaker.js';
import type { Switches } from './hardening/switches.js';
import { untilAborted } from './until-aborted.js';

/**
 * One try, given up after 1.9 to 2.0 s: shorter than the wait in the resolver's full queue (5.1 s), which is what makes
 * the failure lasting, and longer than the 1.6 s that 40 requests at once need. Node looks for expired queries once a
 * second and whenever an answer comes in, so a round 1 s means 1.0 or 2.0 s and 2 s means 2.0 or 3.0 s, as the timer
 * happens to fall (measured on Node 24).
 */
const ATTEMPT = { timeout: 1_900, tries: 1 };

export interface LookupOptions {
  /** `ADDRESS:PORT`. */
  readonly server: string;
  readonly name: string;
  readonly switches: Switches;
  readonly breaker: Breaker;
}

/**
 * Looks a name up, A and AAAA at once as getaddrinfo does, and asks again at once and for ever when no answer comes.
 * An answer, be it a refusal, ends it: retrying those at once is a busy loop (11,301 refusals in 10 s, measured).
 * Rejects with the resolver's own error, `BreakerOpen`, or the signal's reason.
 */
export function createLookup(options: LookupOptions): (signal: AbortSignal) => Promise<string> {
  const attempt = async (): Promise<string> => {
    // A channel of its own each time: on one that is shared, that timer does not start with the lookup.
    const resolver = new Resolver(ATTEMPT);
    resolver.setServers([options.server]);
    const [four, six] = await Promise.all([
      resolver.resolve4(options.name),
      resolver.resolve6(options.name).catch(noneIfNoData),
    ]);
    const address = four[0] ?? six[0];
    if (address === undefined) throw new Error(`${options.name} has no address`);
    return address;
  };
  return async (signal) => {
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      const broken = options.switches.has('breaker');
      if (broken) options.breaker.enter();
      let ok = false;
      try {
        const address = await untilAborted(attempt(), signal);
        ok = true;
        return address;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ETIMEOUT') throw error;
        process.stderr.write(`WARNING ${(error as Error).message}, retrying\n`);
      } finally {
        if (broken) options.breaker.report(ok);
      }
      if (options.switches.has('backoff')) await sleep(backoffMs(tries), undefined, { signal });
    }
  };
}

/** A name without IPv6 addresses is no error. */
function noneIfNoData(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENODATA') return [];
  throw error;
}
