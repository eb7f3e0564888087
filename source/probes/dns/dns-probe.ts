import { isIP } from 'node:net';
import { type Clock, systemClock } from '../../clock.js';
import { joinHostPort } from '../../linux/ip-address.js';
import { candidateNames, type LibcKind } from '../../linux/resolver/candidates.js';
import { hasOption } from '../../linux/resolver/resolv-conf.js';
import { type Probe, type ProbeContext, Unavailable } from '../probe.js';
import { type DnsServer, Exchange, type ExchangeOptions } from './exchange.js';
import { LateWatch } from './late-watch.js';
import { type AddressType, isAskable } from './message.js';
import { resolveSteps } from './resolution.js';
import type { DnsNameSample, DnsSample, DnsStep } from './sample.js';

export interface DnsProbeOptions {
  /** Names as applications write them; one with a server is asked of that one alone, and without the search list. */
  readonly names: readonly (string | { readonly name: string; readonly server: DnsServer })[];
  /** Each name without a server of its own is asked of each. */
  readonly resolvers: readonly DnsServer[];
  readonly search?: readonly string[];
  readonly ndots?: number;
  readonly libc?: LibcKind;
  /** Words of resolv.conf's `options` that change how a question is asked: `use-vc`, `no-aaaa`, `single-request` ... */
  readonly options?: readonly string[];
  /** How long a client waits for one step, ms. 2,000 by default: less than glibc's 5 s, more than c-ares' 1 s retry. */
  readonly patienceMs?: number;
  /** How long an unanswered question is listened for, ms, counted from the end of patience. */
  readonly watchMs?: number;
  /** Questions watched at most. */
  readonly mostWatched?: number;
  readonly intervalMs?: number;
  readonly clock?: Clock;
  /** Where to ask from, when not from our own network. */
  readonly openSocket?: ExchangeOptions['openSocket'];
  readonly openStream?: ExchangeOptions['openStream'];
}

/**
 * Times every step of every lookup on its own, against each resolver, as libc would ask. Uses neither getaddrinfo
 * (four threads that a slow name blocks) nor c-ares (knows no search list). Answers that come after patience are
 * reported as `late` by the run that ends next, with their true time. Throws Unavailable when there is nothing to ask.
 */
export function createDnsProbe(options: DnsProbeOptions): Probe<DnsSample> {
  const { names, resolvers, search = [], ndots = 1, patienceMs = 2_000 } = options;
  const { openSocket, openStream } = options;
  const has = (flag: string): boolean => hasOption({ options: options.options ?? [] }, flag);
  const together: readonly AddressType[] = has('no-aaaa') ? ['A'] : ['A', 'AAAA'];
  /** The questions of each exchange of one step, one exchange after the other. */
  const rounds = has('single-request-reopen') ? together.map((type) => [type]) : [together];
  const manner = { oneAtATime: has('single-request'), overTcp: has('use-vc') };
  const clock = options.clock ?? systemClock;
  const watch = new LateWatch(options.watchMs ?? 10_000, Math.ceil((options.mostWatched ?? 40) / 2));
  const resolutions = names.map((asked) => {
    const { name, servers, suffixes } =
      typeof asked === 'string'
        ? { name: asked, servers: resolvers, suffixes: search }
        : { name: asked.name, servers: [asked.server], suffixes: [] };
    const candidates = isIP(name)
      ? []
      : candidateNames(name, suffixes, ndots, options.libc, has('no-tld-query')).filter(isAskable);
    return { name, servers, candidates };
  });
  const servers = [
    ...new Set(
      resolutions.flatMap((one) => one.servers.map(({ address, port }) => joinHostPort(address, port))),
    ),
  ];
  const longest = Math.max(1, ...resolutions.map(({ candidates }) => candidates.length));

  const lookUp = async (
    name: string,
    candidates: readonly string[],
    server: DnsServer,
    signal: AbortSignal,
  ): Promise<DnsNameSample> => {
    const resolver = joinHostPort(server.address, server.port);
    const key = `${name} ${resolver}`;
    const result = isIP(name)
      ? { steps: [], resolved: true, totalMs: 0 }
      : await resolveSteps(
          candidates,
          name,
          async (qname) => {
            const steps: DnsStep[] = [];
            for (const types of rounds) {
              const way = { qname, server, patienceMs, clock, openSocket, openStream };
              const exchange = new Exchange({ ...way, ...manner, types });
              steps.push(...(await exchange.ask(signal)));
              watch.take(key, exchange);
            }
            return steps;
          },
          options.libc,
        );
    // Taken at the end: what came while this run was waiting is told two seconds sooner.
    return { name, resolver, patienceMs, late: watch.drain(key), ...result };
  };

  return {
    id: 'dns',
    reads: servers.map((server) => `UDP ${server}`).join(', ') || 'no resolver',
    cost: 'network',
    intervalMs: options.intervalMs ?? 2_000,
    timeoutMs: longest * rounds.length * patienceMs + 2_000,
    async run({ signal }: ProbeContext): Promise<DnsSample> {
      if (names.length === 0) throw new Unavailable('not-configured', 'no name to look up was given');
      if (servers.length === 0) throw new Unavailable('not-configured', 'no resolver is known');
      const lookups = resolutions.flatMap(({ name, servers, candidates }) =>
        servers.map((server) => lookUp(name, candidates, server, signal)),
      );
      // Every lookup ends by itself soon after an abort; one of them failing must not leave others behind.
      const done = await Promise.allSettled(lookups);
      signal.throwIfAborted();
      const samples = done.map((each) => {
        if (each.status === 'rejected') throw each.reason;
        return each.value;
      });
      return { names: samples, search, ndots };
    },
    close: () => watch.close(),
  };
}
