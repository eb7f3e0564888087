import { isIP } from 'node:net';
import type { Clock } from '../../clock.js';
import { type HostResolver, readHostResolver } from '../../linux/resolver/host-resolver.js';
import { lookupHosts } from '../../linux/resolver/hosts-file.js';
import { type Probe, Unavailable } from '../probe.js';
import type { ProbeSession } from '../session.js';
import { hostsOf, type NameToLookUp } from '../watch-settings.js';
import { createDnsProbe, type DnsProbeOptions } from './dns-probe.js';
import { Getent } from './getent.js';
import type { DnsNameSample, DnsSample } from './sample.js';

const DNS_PORT = 53;
/** Sources of nsswitch.conf behind which the servers of resolv.conf stand. */
const BY_DNS = new Set(['dns', 'resolve']);
/** A lookup takes a step for each suffix, and one for the name as it is; a search list this long is a slow one. */
const MOST_MS = 30_000;
const NO_NAME = 'no target has a name that DNS must answer';
const HOW_TO_NAME = 'faultline --target http://NAME/, or faultline --name NAME';

/**
 * Times the names that this host asks for: those given, and those of the targets, on this host's own resolvers as its
 * libc would ask them, or on the server that was given with the name. Its files are read before each run.
 */
export function createHostDnsProbe({ settings, clock }: ProbeSession): Probe<DnsSample> {
  const { targets, names } = settings;
  const given = names.filter(({ inside }) => inside === null);
  const hosts = hostsOf(targets.map(({ url }) => url));
  if (given.length === 0 && hosts.length === 0) return nothingToAsk(targets.length > 0);
  const getent = new Getent(clock);
  const placed = new Set(given.flatMap(({ name, server }) => (server === null ? [] : [name])));
  let asking: { readonly key: string; readonly names: number; readonly probe: Probe<DnsSample> } | undefined;
  const probeFor = (own: HostResolver): Probe<DnsSample> => {
    const options = optionsFor(own, given, hosts, clock);
    const key = JSON.stringify([options.names, options.resolvers, own.conf, own.libc]);
    if (asking?.key === key) return asking.probe;
    asking?.probe.close?.();
    asking = { key, names: options.names.length, probe: createDnsProbe(options) };
    return asking.probe;
  };
  const { reads, intervalMs, cost } = probeFor(readHostResolver());
  return {
    id: 'dns',
    reads,
    cost,
    intervalMs,
    timeoutMs: MOST_MS,
    async run(context): Promise<DnsSample> {
      const own = readHostResolver();
      const probe = probeFor(own);
      if (asking?.names === 0) throw new Unavailable('not-configured', NO_NAME, HOW_TO_NAME);
      const sample = await probe.run(context);
      const withOthers = await Promise.all(
        sample.names.map((one) =>
          placed.has(one.name) ? one : givenOtherwise(one, sample.names, getent, context.signal),
        ),
      );
      const { notTaken } = own.conf;
      return { ...sample, names: withOthers, ...(notTaken ? { notTaken } : {}) };
    },
    close: () => asking?.probe.close?.(),
  };
}

function optionsFor(
  { sources, conf, libc, hosts: file }: HostResolver,
  given: readonly NameToLookUp[],
  hosts: readonly string[],
  clock: Clock,
): DnsProbeOptions {
  const placed = given.flatMap(({ name, server }) => (server === null ? [] : [{ name, server }]));
  const wanted = [...given.filter(({ server }) => server === null).map(({ name }) => name), ...hosts];
  const byDns = sources.some(({ name }) => BY_DNS.has(name));
  const asked = wanted.filter(
    (name) => isIP(name) === 0 && name !== 'localhost' && lookupHosts(file, name).length === 0,
  );
  return {
    names: [...placed, ...(byDns ? new Set(asked) : [])],
    resolvers: conf.nameservers.map((address) => ({ address, port: DNS_PORT })),
    search: conf.search,
    ndots: conf.ndots,
    options: conf.options,
    libc,
    clock,
  };
}

/** A name that every server denies, and that the C library has by another way, is given all the same. */
async function givenOtherwise(
  sample: DnsNameSample,
  all: readonly DnsNameSample[],
  getent: Getent,
  signal: AbortSignal,
): Promise<DnsNameSample> {
  const same = all.filter(({ name }) => name === sample.name);
  const silent = ({ outcome }: { outcome: string }): boolean => outcome === 'timeout';
  if (same.some(({ resolved, steps }) => resolved || steps.some(silent))) return sample;
  const otherwise = await getent.ask(sample.name, signal);
  return otherwise ? { ...sample, resolved: true, otherwise } : sample;
}

function nothingToAsk(named: boolean): Probe<DnsSample> {
  const why = named ? NO_NAME : 'no name to look up was given';
  return {
    id: 'dns',
    reads: '/etc/resolv.conf',
    cost: 'counter',
    intervalMs: 30_000,
    timeoutMs: 1000,
    run: () => Promise.reject(new Unavailable('not-configured', why, HOW_TO_NAME)),
  };
}
