import { isIP } from 'node:net';
import type { Clock } from '../clock.js';
import { tryReadText } from '../linux/read-text.js';
import { lookupHosts } from '../linux/resolver/hosts-file.js';
import { parseResolvConf } from '../linux/resolver/resolv-conf.js';
import { createDnsProbe } from '../probes/dns/dns-probe.js';
import { type Probe, Unavailable } from '../probes/probe.js';
import type { DnsSample } from '../probes/samples.js';

const DNS_PORT = 53;

/** Times the names of the targets on this host's own resolvers, as its libc would ask them. */
export function hostDnsProbe(targets: readonly string[], clock: Clock): Probe<DnsSample> {
  const hosts = tryReadText('/etc/hosts') ?? '';
  const conf = parseResolvConf(tryReadText('/etc/resolv.conf') ?? '');
  const names = [
    ...new Set(targets.map((target) => new URL(target).hostname.replace(/^\[|\]$/g, ''))),
  ].filter((name) => isIP(name) === 0 && name !== 'localhost' && lookupHosts(hosts, name).length === 0);
  if (names.length === 0) return nothingToAsk(targets.length > 0);
  return createDnsProbe({
    names,
    resolvers: conf.nameservers.map((address) => ({ address, port: DNS_PORT })),
    search: conf.search,
    ndots: conf.ndots,
    clock,
  });
}

function nothingToAsk(targeted: boolean): Probe<DnsSample> {
  const why = targeted ? 'no target has a name that DNS must answer' : 'no name to look up was given';
  return {
    id: 'dns',
    reads: '/etc/resolv.conf',
    cost: 'counter',
    intervalMs: 30_000,
    timeoutMs: 1000,
    run: () => Promise.reject(new Unavailable('not-configured', why, 'faultline --target http://NAME/')),
  };
}
