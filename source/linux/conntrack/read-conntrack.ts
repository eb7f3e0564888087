import { readdirSync } from 'node:fs';
import { readText, tryReadNumber, tryReadText } from '../read-text.js';
import { type ConntrackStat, parseConntrackStat } from './conntrack-stat.js';

export interface ConntrackReading {
  /** NaN where the file holds no number, as is `max`. */
  readonly count: number;
  /** 0 is no limit. */
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
  timeoutsIn: (sysctl: string) => Readonly<Record<string, number>> = readTimeouts,
): ConntrackReading {
  const [count = Number.NaN, max = Number.NaN] = ['count', 'max'].map((name) =>
    wholeNumber(readText(`${sysctl}/nf_conntrack_${name}`)),
  );
  const stat = tryReadText(statPath);
  return {
    count,
    max,
    stat: stat === undefined ? null : parseConntrackStat(stat),
    timeouts: timeoutsIn(sysctl),
  };
}

/** An empty file is no zero. */
const wholeNumber = (text: string): number => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN);

/** Seconds by name, of the sysctl folder: some thirty files. */
export function readTimeouts(sysctl: string): Readonly<Record<string, number>> {
  const timeouts: Record<string, number> = {};
  for (const name of readdirSync(sysctl)) {
    if (!/^nf_conntrack_.*timeout/.test(name)) continue;
    const seconds = tryReadNumber(`${sysctl}/${name}`);
    if (seconds !== null) timeouts[name.slice('nf_conntrack_'.length)] = seconds;
  }
  return timeouts;
}
