import { type Clock, systemClock } from '../../clock.js';
import type { Libc } from '../../linux/namespace/libc.js';
import { libcKindOf } from '../../linux/namespace/libc-kind.js';
import { NamespaceError } from '../../linux/namespace/namespace-error.js';
import { nodeSockets } from '../../linux/namespace/node-sockets.js';
import { readInside } from '../../linux/namespace/open-inside.js';
import type { LibcKind } from '../../linux/resolver/candidates.js';
import { lookupHosts } from '../../linux/resolver/hosts-file.js';
import { hostSources } from '../../linux/resolver/nsswitch.js';
import type { ResolvConf } from '../../linux/resolver/resolv-conf.js';
import { createDnsProbe, type DnsProbeOptions } from '../dns/dns-probe.js';
import { FormerAnswers, withFormer } from '../dns/former-answers.js';
import type { DnsLateAnswer, DnsSample, UnheardQuestions } from '../dns/sample.js';
import { othersOf } from '../dns/seen-late.js';
import { findWayIn } from '../inside/means.js';
import { resolverOf } from '../inside/read-settings.js';
import type { InsideSource } from '../inside/sample.js';
import { type Probe, type ProbeContext, Unavailable } from '../probe.js';
import type { InsideDnsSample } from './sample.js';

/** A lookup takes a step for each suffix and one for the name as it is; longer search lists end at this many. */
const MOST_STEPS = 8;
const DNS_PORT = 53;

export interface InsideDnsProbeOptions {
  /** Read before each run: a container that was restarted has another process. */
  readonly source: () => InsideSource | undefined;
  /** Names the probe: `dns:<name>`. */
  readonly name: string;
  /** Names as its applications write them. */
  readonly names: () => readonly string[];
  /** Those of them that were only seen to be asked for. */
  readonly learnt?: (() => readonly string[]) | undefined;
  /** Whether its applications try their search list for a name, as far as they are seen to. */
  readonly searches?: ((name: string) => boolean) | undefined;
  /** How often one of those was asked for; 0 once nobody does any more. */
  readonly timesAsked?: ((name: string) => number) | undefined;
  /** How long (ms) its applications waited for what they were given for a name, since that was last asked for. */
  readonly othersMs?: ((name: string) => readonly number[]) | undefined;
  /** Answers for a name that came too late to its applications, since they were last asked for. */
  readonly lateAnswers?: ((name: string) => readonly DnsLateAnswer[]) | undefined;
  /** Servers that let its applications wait and answer nobody, as its packets show. */
  readonly unheard?: (() => readonly UnheardQuestions[]) | undefined;
  /** As createDnsProbe has it. */
  readonly patienceMs?: number;
  readonly watchMs?: number;
  readonly intervalMs?: number;
  readonly clock?: Clock;
}

interface Resolving {
  readonly key: string;
  readonly probe: Probe<DnsSample>;
}

/**
 * DNS resolution as one container does it: its own resolv.conf, its own C library, asked from its own network, so
 * that 127.0.0.11 is Docker's resolver for just that container. Throws Unavailable when it may not be entered.
 */
export function createInsideDnsProbe(options: InsideDnsProbeOptions): Probe<InsideDnsSample> {
  const { patienceMs = 2_000 } = options;
  let resolving: Resolving | undefined;
  const former = new FormerAnswers();

  /** The same resolution as long as nothing changes: it watches for late answers between runs. */
  const resolvingFor = (libc: Libc, pid: number, facts: LookupFacts): Probe<DnsSample> => {
    const key = JSON.stringify([pid, facts]);
    if (resolving?.key === key) return resolving.probe;
    resolving?.probe.close?.();
    const sockets = nodeSockets(libc, pid);
    const given: Partial<DnsProbeOptions> = {
      ...(options.watchMs === undefined ? {} : { watchMs: options.watchMs }),
      ...(options.clock ? { clock: options.clock } : {}),
      ...(facts.libc ? { libc: facts.libc } : {}),
    };
    const probe = createDnsProbe({
      ...given,
      names: facts.names,
      resolvers: facts.servers.map((address) => ({ address, port: DNS_PORT })),
      search: facts.search,
      ndots: facts.ndots,
      options: facts.options,
      patienceMs,
      openSocket: (family) => sockets.udp(family),
      openStream: (server) => sockets.connect(server),
    });
    resolving = { key, probe };
    return probe;
  };

  return {
    id: `dns:${options.name}`,
    cost: 'network',
    intervalMs: options.intervalMs ?? 5_000,
    timeoutMs: MOST_STEPS * patienceMs + 2_000,
    async run(context: ProbeContext): Promise<InsideDnsSample> {
      const source = options.source() ?? { name: options.name, pid: null };
      const { means, entry, gone } = await findWayIn(source);
      // What it is, and that it has ended, is told elsewhere: its lookups are nothing that is missing.
      if (gone || source.pid === null)
        throw new Unavailable('not-configured', `${source.name}: ${means.reason}`);
      if (!entry)
        throw new Unavailable('not-readable', `${source.name}: ${means.reason}`, means.mend ?? undefined);
      try {
        const missing: string[] = [];
        const { fromHosts, notTaken, ...facts } = factsOf(entry, source.pid, options.names(), missing);
        const { names, search, ndots } =
          facts.names.length > 0
            ? await resolvingFor(entry, source.pid, facts).run(context)
            : { names: [], search: facts.search, ndots: facts.ndots };
        const learnt = new Set(options.learnt?.());
        const marked = withFormer(names, former, options.clock ?? systemClock).map((one) => ({
          ...one,
          late: [...one.late, ...(options.lateAnswers?.(one.name) ?? [])],
          ...othersOf(options.othersMs?.(one.name) ?? []),
          ...(learnt.has(one.name) ? { learnt: true, timesAsked: options.timesAsked?.(one.name) ?? 0 } : {}),
          ...(options.searches?.(one.name) === false ? { unsearched: true } : {}),
        }));
        const unheard = options.unheard?.() ?? [];
        const told = { ...(notTaken ? { notTaken } : {}), ...(unheard.length > 0 ? { unheard } : {}) };
        return { names: marked, search, ndots, ...told, source, means, libc: facts.libc, fromHosts, missing };
      } catch (error) {
        if (!(error instanceof NamespaceError)) throw error;
        throw new Unavailable('not-readable', `${source.name}: ${error.message}`, error.mend);
      }
    },
    close: () => resolving?.probe.close?.(),
  };
}

interface LookupFacts extends Pick<ResolvConf, 'search' | 'ndots' | 'options'> {
  readonly names: readonly string[];
  readonly servers: readonly string[];
  readonly libc: LibcKind | null;
}

function factsOf(
  libc: Libc,
  pid: number,
  wanted: readonly string[],
  missing: string[],
): LookupFacts & Pick<InsideDnsSample, 'fromHosts' | 'notTaken'> {
  const kind = libcKindOf(libc, pid) ?? null;
  const conf = resolverOf(libc, pid, kind);
  const hosts = readInside(libc, pid, '/etc/hosts') ?? '';
  const known = wanted.map((name) => ({ name, addresses: lookupHosts(hosts, name) }));
  const sources =
    kind === 'glibc' ? hostSources(readInside(libc, pid, '/etc/nsswitch.conf') ?? undefined) : null;
  // Where its C library asks no server, nobody does.
  const byDns = sources === null || sources.some(({ name }) => name === 'dns' || name === 'resolve');
  if (!byDns) missing.push('hosts: its nsswitch.conf asks no DNS server');
  // An interface's name means another one out here, where the address would be made of it.
  const servers = conf.nameservers.filter((server) => !server.includes('%'));
  for (const server of conf.nameservers)
    if (!servers.includes(server))
      missing.push(`${server}: an address with a scope cannot be asked from here`);
  const search = conf.search.slice(0, MOST_STEPS - 1);
  if (search.length < conf.search.length)
    missing.push(`search: only the first ${search.length} suffixes are tried`);
  return {
    names: byDns ? known.flatMap(({ name, addresses }) => (addresses.length > 0 ? [] : [name])) : [],
    fromHosts: known.filter(({ addresses }) => addresses.length > 0),
    servers,
    search,
    ndots: conf.ndots,
    options: conf.options,
    libc: kind,
    ...(conf.notTaken ? { notTaken: conf.notTaken } : {}),
  };
}
