import { isIP } from 'node:net';
import { tryReadText } from '../../linux/read-text.js';
import { lookupHosts } from '../../linux/resolver/hosts-file.js';
import { parseResolvConf } from '../../linux/resolver/resolv-conf.js';
import { type Probe, Unavailable } from '../probe.js';
import type { ProbeSession } from '../session.js';
import { hostsOf } from '../watch-settings.js';
import { createDnsProbe } from './dns-probe.js';
import type { DnsSample } from './sample.js';

const DNS_PORT = 53;

/**
 * Times the names that this host asks for: those given, and those of the targets, on this host's own resolvers as its
 * libc would ask them, or on the server that was given with the name.
 */
export function createHostDnsProbe({ settings, clock }: ProbeSession): Probe<DnsSample> {
  const { targets, names } = settings;
  const given = names.filter(({ inside }) => inside === null);
  const placed = given.flatMap(({ name, server }) => (server === null ? [] : [{ name, server }]));
  const hosts = tryReadText('/etc/hosts') ?? '';
  const asked = [
    ...given.filter(({ server }) => server === null).map(({ name }) => name),
    ...hostsOf(targets.map(({ url }) => url)),
  ].filter((name) => isIP(name) === 0 && name !== 'localhost' && lookupHosts(hosts, name).length === 0);
  if (asked.length === 0 && placed.length === 0) return nothingToAsk(targets.length + given.length > 0);
  if (asked.length === 0) return createDnsProbe({ names: placed, resolvers: [], clock });
  const conf = parseResolvConf(tryReadText('/etc/resolv.conf') ?? '');
  return createDnsProbe({
    names: [...placed, ...new Set(asked)],
    resolvers: conf.nameservers.map((address) => ({ address, port: DNS_PORT })),
    search: conf.search,
    ndots: conf.ndots,
    clock,
  });
}

function nothingToAsk(named: boolean): Probe<DnsSample> {
  const why = named ? 'no target has a name that DNS must answer' : 'no name to look up was given';
  return {
    id: 'dns',
    reads: '/etc/resolv.conf',
    cost: 'counter',
    intervalMs: 30_000,
    timeoutMs: 1000,
    run: () =>
      Promise.reject(
        new Unavailable('not-configured', why, 'faultline --target http://NAME/, or faultline --name NAME'),
      ),
  };
}
