import { readdirSync } from 'node:fs';
import { readText, tryReadNumber, tryReadText } from '../read-text.js';
import { type ConntrackStat, parseConntrackStat } from './conntrack-stat.js';

export interface ConntrackReading {
  readonly count: number;
  readonly max: number;
  readonly stat: ConntrackStat | null;
  /** Seconds by sysctl name without `nf_conntrack_`. */
  readonly timeouts: Readonly<Record<string, number>>;
}

/**
 * Reads the connection tracker of this network namespace. Throws ReadError: `missing` when the module is not
 * loaded, `denied` when it is and we may not read it.
 */
export function readConntrack(
  sysctl = '/proc/sys/net/netfilter',
  statPath = '/proc/net/stat/nf_conntrack',
): ConntrackReading {
  const count = Number(readText(`${sysctl}/nf_conntrack_count`));
  const max = Number(readText(`${sysctl}/nf_conntrack_max`));
  const stat = tryReadText(statPath);
  return {
    count,
    max,
    stat: stat === undefined ? null : parseConntrackStat(stat),
    timeouts: readTimeouts(sysctl),
  };
}

function readTimeouts(sysctl: string): Record<string, number> {
  const timeouts: Record<string, number> = {};
  for (const name of readdirSync(sysctl)) {
    if (!/^nf_conntrack_.*timeout/.test(name)) continue;
    const seconds = tryReadNumber(`${sysctl}/${name}`);
    if (seconds !== null) timeouts[name.slice('nf_conntrack_'.length)] = seconds;
  }
  return timeouts;
}
