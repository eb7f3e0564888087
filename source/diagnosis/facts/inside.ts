import type { InsideSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { newest } from './values.js';

/** The containers that were looked into lately, by name. */
export const insides = (history: History): InsideSample[] =>
  Object.values(history.latest.inside ?? {})
    .filter(({ stale }) => !stale)
    .map(({ sample }) => sample);

/** The same with each network once: of containers that share one the first. */
export function networksInside(history: History): InsideSample[] {
  const told = new Set<string>();
  return insides(history).filter(({ network }) => {
    if (network === null) return true;
    const isNews = !told.has(network);
    told.add(network);
    return isNews;
  });
}

/** One of them, or undefined. */
export const insideOf = (history: History, name: string): InsideSample | undefined => {
  const latest = history.latest.inside?.[name];
  return latest && !latest.stale ? latest.sample : undefined;
};

/** How many segments a container's own kernel sent, and how many of them again, over some time. */
export interface Resending {
  readonly name: string;
  /** Segments, those sent again left out (the kernel's OutSegs does not count them: measured). */
  readonly sent: number;
  readonly again: number;
  /** Of those sent again, the ones that only wanted to open a connection. */
  readonly opening: number;
  /** Sent again as a share of those sent, in percent; 0 when nothing was sent. */
  readonly percent: number;
  /** The same between the last two readings. */
  readonly newest: number;
}

/** What a container sent again in the last `ms`; undefined when its counters were not read. */
export function resending(history: History, name: string, ms: number): Resending | undefined {
  const sum = (counter: string): number | undefined => total(history, `kernel.${counter}{${name}}`, ms);
  const sent = sum('Tcp.OutSegs');
  const again = sum('Tcp.RetransSegs');
  if (sent === undefined || again === undefined) return undefined;
  return {
    name,
    sent,
    again,
    opening: sum('TcpExt.TCPSynRetrans') ?? 0,
    percent: sent > 0 ? (100 * again) / sent : 0,
    newest: newest(history, `kernel.retransPercent{${name}}`, ms) ?? 0,
  };
}

/**
 * What a counter's rates of the last `ms` add up to: each holds since the reading before it. Undefined when there is
 * none that was read.
 */
export function total(history: History, signal: string, ms: number): number | undefined {
  let sum: number | undefined;
  let before: number | undefined;
  history.each(signal, 3 * ms, (value, at) => {
    if (at >= history.now - ms && before !== undefined && Number.isFinite(value))
      sum = (sum ?? 0) + (value * (at - before)) / 1000;
    before = at;
  });
  return sum;
}
