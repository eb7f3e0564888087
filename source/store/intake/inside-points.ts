import type { InsideDnsSample, InsideSample } from '../../probes/samples.js';
import { TCP_STATES } from '../../probes/samples.js';
import type { LatestSamples } from '../history.js';
import type { SeriesBook } from '../series.js';
import { putKernel } from './points.js';
import type { Rates } from './rates.js';

/** Figures of what one container sees; every signal carries the container's name. */

/** Counters of a new network (the container was restarted) give no rate with those of the one before. */
export function putInside(book: SeriesBook, rates: Rates, at: number, sample: InsideSample): void {
  const label = `{${sample.name}}`;
  const total = sample.sockets?.total;
  for (const state of TCP_STATES) book.push(`sockets.${state}${label}`, at, total?.[state] ?? Number.NaN);
  if (sample.askers !== undefined) book.push(`sockets.askers${label}`, at, sample.askers ?? Number.NaN);
  if (sample.kernel) putKernel(book, rates, at, sample.kernel, label, sample.network ?? `${sample.pid}`);
  book.push(`conntrack.fill${label}`, at, sample.conntrack?.fill ?? Number.NaN);
}

/**
 * `dns.ok{container/name}` is 1 when any of its servers gave an address, `dns.ms` what the first of them took in all,
 * as libc asks it first; `dns.late` has a point for each answer that nobody waited for any more.
 */
export function putLookups(book: SeriesBook, at: number, sample: InsideDnsSample): void {
  for (const name of new Set(sample.names.map((each) => each.name))) {
    const label = `{${sample.source.name}/${name}}`;
    const asked = sample.names.filter((each) => each.name === name);
    book.push(`dns.ok${label}`, at, asked.some(({ resolved }) => resolved) ? 1 : 0);
    book.push(`dns.ms${label}`, at, asked[0]?.totalMs ?? Number.NaN);
    for (const { late } of asked) for (const { ms } of late) book.push(`dns.late${label}`, at, ms);
  }
}

/** `lookups.resolved` is the share of all containers' names that had an address when last asked. */
export function putLookupShare(book: SeriesBook, at: number, lookups: LatestSamples['lookups']): void {
  const names = Object.values(lookups ?? {}).flatMap(({ sample, stale }) => (stale ? [] : sample.names));
  const resolved = names.filter((name) => name.resolved).length;
  book.push('lookups.resolved', at, names.length > 0 ? resolved / names.length : Number.NaN);
}
