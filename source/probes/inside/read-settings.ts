import { conntrackFill } from '../../linux/conntrack/conntrack-fill.js';
import { readConntrack, readTimeouts } from '../../linux/conntrack/read-conntrack.js';
import { insideNetwork } from '../../linux/namespace/inside-network.js';
import { interfacesOf, type NetworkInterface } from '../../linux/namespace/interfaces.js';
import type { Libc } from '../../linux/namespace/libc.js';
import { libcKindOf } from '../../linux/namespace/libc-kind.js';
import { readInside } from '../../linux/namespace/open-inside.js';
import { ReadError } from '../../linux/read-text.js';
import type { LibcKind } from '../../linux/resolver/candidates.js';
import { parseResolvConf, type ResolvConf } from '../../linux/resolver/resolv-conf.js';
import type { ConntrackSample } from '../conntrack/sample.js';

/** Reads one thing; on failure notes why and gives null. */
export type Attempt = <T>(what: string, read: () => T) => T | null;

/** Collects the reasons of what could not be read. */
export function attemptInto(missing: string[]): Attempt {
  return (what, read) => {
    try {
      return read();
    } catch (error) {
      missing.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
}

export interface AskedInside {
  readonly conntrack: ConntrackSample | null;
  readonly interfaces: readonly NetworkInterface[] | null;
}

/** What somebody sets once is read again after so long (ms). */
const SETTINGS_MS = 60_000;

/** Settings of one network that cost many reads and hardly ever change. */
export class SlowSettings {
  private last: { readonly pid: number; readonly at: number; readonly timeouts: Timeouts } | undefined;

  /** Those of the connection tracker; `sysctl` is its folder, seen from inside. */
  timeouts(pid: number, sysctl: string): Timeouts {
    const now = performance.now();
    if (this.last?.pid !== pid || now - this.last.at >= SETTINGS_MS)
      this.last = { pid, at: now, timeouts: readTimeouts(sysctl) };
    return this.last.timeouts;
  }
}

type Timeouts = ConntrackSample['timeouts'];

/** What must be asked for inside: these are not in /proc/<pid>/net. */
export function askInside(entry: Libc, pid: number, attempt: Attempt, settings: SlowSettings): AskedInside {
  return {
    conntrack: attempt('connection tracking', () => conntrackOf(entry, pid, settings)),
    interfaces: attempt('interfaces', () => interfacesOf(entry, pid)),
  };
}

export interface InsideFiles {
  readonly resolver: ResolvConf | null;
  readonly libc: LibcKind | null;
}

/** What stands in the process' files; needs no entering, but the right to look into its root folder. */
export function readFiles(libc: Libc, pid: number, attempt: Attempt): InsideFiles {
  const kind = attempt('C library', () => libcKindOf(libc, pid) ?? null);
  return { resolver: attempt('resolv.conf', () => resolverOf(libc, pid, kind)), libc: kind };
}

/** Where there is no resolv.conf glibc asks 127.0.0.1, which is what an empty one means (man 5 resolv.conf). */
export function resolverOf(libc: Libc, pid: number, kind: LibcKind | null): ResolvConf {
  const text = readInside(libc, pid, '/etc/resolv.conf') ?? '';
  const hostname = (readInside(libc, pid, '/etc/hostname') ?? '').trim();
  return parseResolvConf(text, { libc: kind ?? 'glibc', hostname });
}

/** /proc/sys/net shows the network of the thread that looks; a module that is not loaded tracks nothing. */
function conntrackOf(libc: Libc, pid: number, settings: SlowSettings): ConntrackSample {
  try {
    const { stat, ...reading } = insideNetwork(libc, pid, () =>
      readConntrack('/proc/sys/net/netfilter', `/proc/${pid}/net/stat/nf_conntrack`, (sysctl) =>
        settings.timeouts(pid, sysctl),
      ),
    );
    return {
      ...reading,
      fill: conntrackFill(reading.count, reading.max),
      drop: stat?.drop ?? null,
      earlyDrop: stat?.earlyDrop ?? null,
      insertFailed: stat?.insertFailed ?? null,
    };
  } catch (error) {
    if (error instanceof ReadError && error.failure === 'missing')
      throw new Error('nf_conntrack is not loaded: nothing is tracked');
    throw error;
  }
}
