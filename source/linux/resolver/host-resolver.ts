import { hostname } from 'node:os';
import { tryReadText } from '../read-text.js';
import type { LibcKind } from './candidates.js';
import { hostSources, type NssSource } from './nsswitch.js';
import { parseResolvConf, type ResolvConf } from './resolv-conf.js';

/** musl has no nsswitch.conf: /etc/hosts, then DNS. */
const MUSL_SOURCES: readonly NssSource[] = [
  { name: 'files', returnsOn: ['SUCCESS'] },
  { name: 'dns', returnsOn: ['SUCCESS'] },
];

/** How this host's applications find addresses, as its files say now. */
export interface HostResolver {
  readonly libc: LibcKind;
  readonly sources: readonly NssSource[];
  readonly conf: ResolvConf;
  /** /etc/hosts, as text. */
  readonly hosts: string;
}

/** Read before each use: a host that is put right needs no restart of ours. */
export function readHostResolver(): HostResolver {
  const libc = /\/ld-musl-[^/\n]*$/m.test(tryReadText('/proc/self/maps') ?? '') ? 'musl' : 'glibc';
  return {
    libc,
    sources: libc === 'musl' ? MUSL_SOURCES : hostSources(tryReadText('/etc/nsswitch.conf')),
    conf: parseResolvConf(tryReadText('/etc/resolv.conf') ?? '', { libc, hostname: hostname() }),
    hosts: tryReadText('/etc/hosts') ?? '',
  };
}
