import { isGiven } from '../dns/given-names.js';
import { halfFigure } from '../dns/halves.js';
import { searchFigure } from '../dns/search-cost.js';
import { orNaN, type SeriesContext, type SeriesPoint } from '../source.js';
import type { InsideDnsSample } from './sample.js';

/**
 * `dns.ok{container/name}` is 1 when any of its servers gave an address, `dns.ms` what the first of them took in all,
 * as libc asks it first, and
 * `dns.half` the family that it alone did not answer, `dns.search` what other names of its search list took (ms); `dns.late` has a point for each answer that nobody waited for any more. `lookups.resolved` is
 * the share of what all containers ask that they were given when last asked, be it by another server.
 */
export function* lookupsSeries(
  sample: InsideDnsSample,
  { family }: SeriesContext<InsideDnsSample>,
): Iterable<SeriesPoint> {
  for (const name of new Set(sample.names.map((each) => each.name))) {
    const label = `{${sample.source.name}/${name}}`;
    const asked = sample.names.filter((each) => each.name === name);
    yield [`dns.ok${label}`, asked.some(({ resolved }) => resolved) ? 1 : 0];
    yield [`dns.ms${label}`, orNaN(asked[0]?.totalMs)];
    yield [`dns.half${label}`, halfFigure(asked[0]?.steps ?? [])];
    yield [`dns.search${label}`, searchFigure(asked[0] ?? { steps: [] })];
    for (const { othersMs = [] } of asked) for (const ms of othersMs) yield [`dns.othersMs${label}`, ms];
    for (const { late } of asked) for (const { ms } of late) yield [`dns.late${label}`, ms];
  }
  const all = family.flatMap(({ names }) => names.map((name) => isGiven(names, name)));
  const resolved = all.filter(Boolean).length;
  yield ['lookups.resolved', all.length > 0 ? resolved / all.length : Number.NaN];
}
