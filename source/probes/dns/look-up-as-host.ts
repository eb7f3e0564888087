import { hostname } from 'node:os';
import type { Clock } from '../../clock.js';
import type { HostResolver } from '../../linux/resolver/host-resolver.js';
import { lookupHosts } from '../../linux/resolver/hosts-file.js';
import type { NssStatus } from '../../linux/resolver/nsswitch.js';
import { askAsLibc, type LibcAnswer } from './ask-as-libc.js';

/** What the sources made of a name; `dns` is absent where DNS was not asked. */
export interface GivenByHost {
  readonly addresses: readonly string[];
  readonly dns?: LibcAnswer;
  /** The sources that were asked. */
  readonly sources: readonly string[];
}

/** The end of a DNS lookup in the words of nsswitch.conf(5). */
const STATUS: Readonly<Record<LibcAnswer['end'], NssStatus>> = {
  found: 'SUCCESS',
  denied: 'NOTFOUND',
  // nss_dns: what ends in ETIMEDOUT or ECONNREFUSED, a server's failure included.
  failed: 'UNAVAIL',
  silent: 'UNAVAIL',
};

/**
 * Looks a name up as an application on this host does: the sources of nsswitch.conf in their order, until one ends it. A
 * source that is none of ours ends it without an address. Rejects with the signal's reason when aborted.
 */
export async function lookUpAsHost(
  name: string,
  { libc, sources, conf, hosts }: HostResolver,
  clock: Clock,
  signal: AbortSignal,
): Promise<GivenByHost> {
  const asked: string[] = [];
  let dns: LibcAnswer | undefined;
  for (const source of sources) {
    let addresses: readonly string[] = [];
    let status: NssStatus = 'UNAVAIL';
    if (source.name === 'files') {
      addresses = lookupHosts(hosts, name);
      status = addresses.length > 0 ? 'SUCCESS' : 'NOTFOUND';
    } else if (source.name === 'dns' || (source.name === 'resolve' && conf.nameservers.includes(STUB))) {
      dns = await askAsLibc(name, { conf, libc, clock, signal });
      addresses = dns.addresses;
      status = STATUS[dns.end];
    } else if (!passesOn(source.name, name)) break;
    asked.push(source.name);
    if (addresses.length > 0 || source.returnsOn.includes(status))
      return { addresses, sources: asked, ...(dns ? { dns } : {}) };
  }
  return { addresses: [], sources: asked, ...(dns ? { dns } : {}) };
}

/** systemd-resolved's own server; what nss-resolve asks is behind it as well (nss-resolve(8)). */
const STUB = '127.0.0.53';

/** Sources that give a few names of their own and leave all others to the next (nss-myhostname(8), nss-mdns). */
function passesOn(source: string, name: string): boolean {
  // No module has such a name: a # that was meant for a comment.
  if (!/^[\w-]+$/.test(source)) return true;
  if (/^mdns[46]?(_minimal)?$/.test(source)) return !/\.local\.?$/i.test(name);
  return (
    source === 'myhostname' &&
    !new Set([hostname().toLowerCase(), '_gateway', '_outbound']).has(name.toLowerCase())
  );
}
