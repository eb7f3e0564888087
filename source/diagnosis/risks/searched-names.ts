import { searchCost } from '../../probes/dns/search-cost.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { supports } from '../evidence.js';
import { byClient, type NameView, type ResolverView, resolvers } from '../facts/dns.js';
import { HOST, HOST_PLACE } from '../places.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  ndots: {
    unit: 'dots',
    value: 1,
    source: 'resolv.conf(5): a name with fewer dots is tried with every suffix first; 1 is the default',
  },
} as const satisfies Thresholds;

/** Names of elsewhere that are asked with every suffix first, since ndots is above their dots. */
export const searchedNames: RiskKind = {
  id: 'searched-names',
  thresholds: THRESHOLDS,
  find: (history) => byClient(resolvers(history)).flatMap((views) => ofClient(history, views)),
};

function ofClient(history: History, views: readonly ResolverView[]): SeenRisk[] {
  const client = views[0]?.client ?? null;
  const ndots = ndotsOf(history, client);
  if (ndots === undefined || ndots <= THRESHOLDS.ndots.value) return [];
  const asked = views.flatMap(({ names }) => names).filter((one) => isElsewhere(one));
  const [first] = asked;
  const cost = first && searchCost(first.sample);
  if (!first || !cost) return [];
  const who = client ?? HOST_PLACE;
  const others = new Set(asked.map(({ name }) => name)).size - 1;
  return [
    {
      subject: client === null ? HOST : { kind: 'workload', id: client },
      title: `ndots is ${ndots} on ${who}: ${first.name} is asked with every suffix first`,
      evidence: [
        supports(THRESHOLDS.ndots, {
          signal: `dns.search{${first.name}}`,
          reading: ndots,
          value: `${plural(cost.vain.length, 'name')} in vain (${duration(cost.ms)}) before ${first.name} itself${others > 0 ? `, and so for ${plural(others, 'other name')}` : ''}`,
          threshold: `ndots ${THRESHOLDS.ndots.value}`,
        }),
      ],
      mend: {
        text: `a dot behind the name where it is configured (\`${first.name}.\`), or \`options ndots:1\` in resolv.conf${client === null ? '' : ' (`dns_opt: [ndots:1]` of its compose service)'}`,
      },
    },
  ];
}

const ndotsOf = ({ latest }: History, client: string | null): number | undefined =>
  client === null ? latest.dns?.sample.ndots : latest.lookups?.[client]?.sample.ndots;

/** A whole name that its search list did not find: it was given as it is written, after the suffixes. */
const isElsewhere = ({ name, sample }: NameView): boolean => {
  if (!name.includes('.') || sample.unsearched) return false;
  const given = searchCost(sample)?.given.qname.replace(/\.$/, '');
  return given?.toLowerCase() === name.toLowerCase();
};
