import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundClients, lookupsOf } from '../../source/diagnosis/facts/blast-radius.js';
import { everyResolver } from '../../source/diagnosis/facts/dns.js';
import { failingForNames } from '../../source/diagnosis/facts/failing-askers.js';
import { settled } from '../../source/diagnosis/facts/lookup-trouble.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { searchFixes } from '../../source/diagnosis/facts/search-fixes.js';
import {
  type SearchedName,
  type SearchList,
  searchLists,
} from '../../source/diagnosis/facts/search-lists.js';
import { clientsText } from '../../source/diagnosis/facts/services.js';
import { earliest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { namePlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { duration, listed, plural } from '../../source/terminal/format.js';
import { failingTargets } from '../common-thresholds.js';

const THRESHOLDS = {
  wasted: {
    unit: 'ms',
    raise: 1_000,
    clear: 800,
    weight: 0.35,
    reads: '1 s',
    source: 'awesome-prometheus-alerts: a probe slower than 1 s',
  },
  noticed: { unit: 'ms', value: 100, source: 'Coroot DnsLatency: above 100 ms' },
  noticedNames: {
    unit: 'names',
    value: 3,
    source: "our choice: the three suffixes of a Kubernetes pod's list",
  },
  timesGiven: {
    unit: 'times',
    value: 5,
    weight: 0.2,
    source: 'our choice: a resolver that is slow as a whole is so for the name itself as well',
  },
  runs: { unit: 'runs', value: 2, source: 'our choice: the first denial may have to come from afar' },
  slowNames: { unit: 'names', value: 3, source: 'our choice: of one run as good as a run each' },
  slowName: { unit: 'ms', value: 500, source: 'our choice: twice a round trip around the world' },
  failingUsers: failingTargets(0.05),
} as const satisfies Thresholds;

/** Names are looked up with every suffix of a search list first, and those take much longer than the name itself. */
export const mode = defineMode({
  id: 'dns-search-path',
  called: 'a search list',
  scope: 'name',
  inputs: [['dns', 'lookups']],
  forMs: 1_500,
  keepMs: 10_000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-hung', 'resolver-saturation', 'close-wait-leak'],
  rivals: [],
  detect: (history) => searchLists(history, THRESHOLDS).map((one) => candidate(history, one)),
  clears: (history) =>
    everyResolver(history, ({ names }) =>
      names.every(settled) && names.length > 0
        ? `lookups take ${duration(Math.max(...names.map(({ sample }) => sample.totalMs)))}, all suffixes included`
        : undefined,
    ),
});

function candidate(history: History, list: SearchList): Candidate {
  const { names, clients } = list;
  const [first] = names;
  const { cost, view, slow } = first;
  const { name } = first.name;
  const radius = [
    ...aroundClients(history, clients),
    ...lookupsOf(history, clients),
    ...names.map((one) => namePlace(one.name.name)),
  ];
  const lost = cost.vain.filter(({ answered }) => !answered);
  const quick = `${view.resolver} answers for ${cost.given.qname} in ${duration(cost.given.ms)}`;
  return {
    subject: { kind: 'name', id: name },
    target: `${clientsText(history, clients)} → name ${name}`,
    raise: slow || first.costly,
    title: titleOf(list),
    severity: slow ? (failingForNames(history, clients).length > 0 ? 'critical' : 'warning') : 'notice',
    evidence: gather(
      ...names.slice(0, 3).map(wasted),
      given(first),
      slow && failingRow(failingForNames(history, clients), THRESHOLDS.failingUsers),
    ),
    ruledOut: ['resolver-saturation', 'resolver-dead'].map((id) => ({ id, because: quick })),
    fix: searchFixes(list),
    explanation: gather(
      `a name with fewer dots than ndots is tried with each suffix of the list before it is asked as it is: here ${plural(cost.vain.length, 'time')} in vain`,
      lost[0] &&
        `nobody answers for ${lost[0].qname}: the C library waits 5 s for each try (resolv.conf(5), timeout), and tries twice`,
    ),
    since: earliest(...names.map(({ since }) => since)),
    radius: slow ? radius : [],
  };
}

/** Without figures that change from look to look. */
function titleOf({ names: [first, ...rest] }: SearchList): string {
  const { name, cost, slow } = first;
  const more = rest.filter((one) => one.name.name !== name.name).length > 0 ? ' and others' : '';
  const lost = cost.vain.some(({ answered }) => !answered);
  const how = lost ? 'not answered' : slow ? 'denied slowly' : 'denied';
  return `The search list slows lookups of ${name.name}${more}: ${plural(cost.vain.length, 'name')} ${cost.vain.length > 1 ? 'are' : 'is'} ${how} first`;
}

const labelOf = ({ client, name }: SearchedName): string =>
  `{${client === null ? '' : `${client}/`}${name.name}}`;

function wasted(one: SearchedName): WeightedEvidence {
  const { cost } = one;
  const tried = cost.vain
    .slice(0, 3)
    .map(({ qname, ms, answered }) =>
      answered ? `${qname} ${duration(ms)}` : `${qname} no answer in ${duration(ms)}`,
    );
  return supports(THRESHOLDS.wasted, {
    signal: `dns.search${labelOf(one)}`,
    reading: cost.ms,
    value: `${duration(cost.ms)} of ${duration(cost.ms + cost.given.ms)} for ${listed(tried)}`,
    weight: one.slow ? THRESHOLDS.wasted.weight : 0.1,
  });
}

function given(one: SearchedName): WeightedEvidence {
  const { given: own } = one.cost;
  return supports(THRESHOLDS.timesGiven, {
    signal: `dns.ms${labelOf(one)}`,
    reading: own.ms,
    value: `${own.qname} itself: an address in ${duration(own.ms)}`,
    threshold: `${duration(one.cost.ms / THRESHOLDS.timesGiven.value)}, a fifth of the rest`,
  });
}
