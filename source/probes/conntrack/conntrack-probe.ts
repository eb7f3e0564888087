import { asRoot } from '../../linux/as-root.js';
import { conntrackFill } from '../../linux/conntrack/conntrack-fill.js';
import { type ConntrackReading, readConntrack } from '../../linux/conntrack/read-conntrack.js';
import { ReadError } from '../../linux/read-text.js';
import { type Probe, Unavailable } from '../probe.js';
import type { ConntrackSample } from './sample.js';

export interface ConntrackProbeOptions {
  readonly sysctlFolder?: string;
  readonly statPath?: string;
  readonly intervalMs?: number;
  readonly platform?: NodeJS.Platform;
}

/**
 * Fill and losses of the connection tracker. "Not loaded" (nothing is tracked, so nothing can be full) and "not
 * readable" (it may well be full) are different answers.
 */
export function createConntrackProbe(options: ConntrackProbeOptions = {}): Probe<ConntrackSample> {
  const folder = options.sysctlFolder ?? '/proc/sys/net/netfilter';
  const stat = options.statPath ?? '/proc/net/stat/nf_conntrack';
  return {
    id: 'conntrack',
    cost: 'counter',
    intervalMs: options.intervalMs ?? 2_000,
    timeoutMs: 1_000,
    async run(): Promise<ConntrackSample> {
      if ((options.platform ?? process.platform) !== 'linux')
        throw new Unavailable('not-supported', 'connection tracking is a part of the Linux kernel');
      return sampleOf(read(folder, stat));
    },
  };
}

function read(folder: string, stat: string): ConntrackReading {
  try {
    return readConntrack(folder, stat);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    if (error.failure === 'missing')
      throw new Unavailable(
        'not-loaded',
        'the kernel tracks no connections here: nf_conntrack is not loaded, so its table cannot be full',
        'modprobe nf_conntrack   # as root; firewalls and Docker load it by themselves',
      );
    throw new Unavailable(
      'not-readable',
      `${error.path} is there but may not be read: the table may be full and we would not know`,
      asRoot(),
    );
  }
}

function sampleOf({ count, max, stat, timeouts }: ConntrackReading): ConntrackSample {
  if (!Number.isFinite(count) || !Number.isFinite(max))
    throw new Unavailable('failed', 'nf_conntrack_count or nf_conntrack_max holds no number');
  return {
    count,
    max,
    fill: conntrackFill(count, max),
    drop: stat?.drop ?? null,
    earlyDrop: stat?.earlyDrop ?? null,
    insertFailed: stat?.insertFailed ?? null,
    timeouts,
  };
}
