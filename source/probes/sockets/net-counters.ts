import { parseCounters } from '../../linux/proc-net/counters.js';
import { parseSockstat } from '../../linux/proc-net/sockstat.js';
import { tryReadText } from '../../linux/read-text.js';
import type { KernelSample } from '../kernel/sample.js';
import { addCounts, type Census, type Counts } from './census.js';

/** What is known of a namespace's sockets without walking a table (0.1 ms at any number of them). */
export interface SocketCounters {
  readonly inuse4: number;
  /** Null when the machine has no IPv6. */
  readonly inuse6: number | null;
  /** TIME-WAIT of both families. */
  readonly timeWait: number;
  /** ESTABLISHED and CLOSE-WAIT of both families. */
  readonly currEstab: number;
  /** Attempts to connect that failed, since the namespace began; undefined where it is not counted. */
  readonly attemptFails: number | undefined;
}

/**
 * Undefined when sockstat or snmp cannot be read: then there is no gate, and every table is walked in full. `known` is
 * what snmp says, where that was read just now.
 */
export function readSocketCounters(
  folder = '/proc/net',
  known?: KernelSample['counters'],
): SocketCounters | undefined {
  const v4 = parseSockstat(tryReadText(`${folder}/sockstat`) ?? '');
  const v6 = parseSockstat(tryReadText(`${folder}/sockstat6`) ?? '');
  const snmp = known ? undefined : parseCounters(tryReadText(`${folder}/snmp`) ?? '');
  const counter = (name: 'Tcp.CurrEstab' | 'Tcp.AttemptFails') =>
    snmp?.get(name) ?? known?.[name] ?? undefined;
  const currEstab = counter('Tcp.CurrEstab');
  if (v4.tcpInuse === null || v4.timeWait === null || currEstab === undefined) return undefined;
  const attemptFails = counter('Tcp.AttemptFails');
  return { inuse4: v4.tcpInuse, inuse6: v6.tcpInuse, timeWait: v4.timeWait, currEstab, attemptFails };
}

/** States that `inuse` of sockstat does not count: half-open, TIME-WAIT and unbound sockets are in no hash table of it. */
const NOT_IN_USE = new Set(['SYN-RECV', 'TIME-WAIT', 'CLOSE', 'ESTAB']);

function inUseWithoutEstablished(counts: Counts): number {
  return Object.entries(counts).reduce((sum, [state, n]) => sum + (NOT_IN_USE.has(state) ? 0 : n), 0);
}

/**
 * Fills in what a filtered dump left out. CurrEstab counts CLOSE-WAIT as well, and `tw` the FIN-WAIT-2 sockets whose
 * owner is gone. The split of ESTABLISHED by family follows sockstat's `inuse`; for TIME-WAIT no counter tells the
 * families apart, so it stands in the total only.
 */
export function completeCensus(
  census: Census,
  counters: SocketCounters,
): { readonly v4: Counts; readonly v6: Counts; readonly total: Counts } {
  const { finWait2Minisockets: minisockets } = census;
  const all = addCounts(census.v4, census.v6);
  const established = Math.max(0, counters.currEstab - (all['CLOSE-WAIT'] ?? 0));
  const others4 = inUseWithoutEstablished(census.v4) - minisockets.v4;
  const established4 = Math.min(established, Math.max(0, counters.inuse4 - others4));
  const timeWait = Math.max(0, counters.timeWait - minisockets.v4 - minisockets.v6);
  const { 'TIME-WAIT': _unknown4, ...v4 } = census.v4;
  const { 'TIME-WAIT': _unknown6, ...v6 } = census.v6;
  return {
    v4: { ...v4, ESTAB: established4 },
    v6: { ...v6, ESTAB: established - established4 },
    total: { ...all, ESTAB: established, 'TIME-WAIT': timeWait },
  };
}

/** The share of what a filtered dump leaves out, ESTABLISHED and TIME-WAIT, that so many rows are: always below 1. */
export const shareRead = (rows: number, { currEstab, timeWait }: SocketCounters): number =>
  Math.min(0.99, rows / Math.max(1, currEstab + timeWait));
