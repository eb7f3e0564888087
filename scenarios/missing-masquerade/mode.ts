import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import {
  type LeavesUntranslated,
  leavesUntranslated,
  rulesText,
  type Untranslated,
} from '../../source/diagnosis/facts/untranslated.js';
import { untranslatedFixes } from '../../source/diagnosis/facts/untranslated-fixes.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { HOST } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { listed, plural } from '../../source/terminal/format.js';
import { failingTargets } from '../common-thresholds.js';

const THRESHOLDS = {
  syns: {
    unit: 'SYNs',
    value: 2,
    weight: 0.2,
    reads: 'an answer to one of them',
    source: 'RFC 6298: the second one is sent after 1 s, when the first was not answered',
  },
  wayBack: {
    unit: 'routes',
    weight: 0.25,
    reads: 'a route to the private address',
    source: 'ip-route(8): no route that is meant for it, or one that is rejected',
  },
  outside: {
    unit: '',
    weight: 0.2,
    reads: 'an address that is known outside',
    source: 'RFC 1918: private addresses have no meaning outside of their network',
  },
  byRouter: {
    unit: '',
    weight: 0.2,
    reads: 'no answer to the router either',
    source: 'its own connections: what is asked under its own address is answered',
  },
  failingUsers: failingTargets(0.05),
} as const satisfies Thresholds;

/** A router lets connections out under the private addresses of who asks: no answer finds the way back. */
export const mode = defineMode({
  id: 'missing-masquerade',
  aliases: ['missing-nat'],
  called: 'a missing masquerade rule',
  scope: 'workload',
  inputs: [['sockets', 'inside']],
  forMs: 1500,
  keepMs: 8000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: [
    ...['partition', 'http-errors', 'service-hung', 'retransmission', 'packet-loss', 'database-down'],
    ...['dns-failure', 'resolver-dead', 'name-missing', 'close-wait-leak', 'stale-dns'],
  ],
  rivals: ['resolver-dead', 'conntrack-full'],
  detect: (history) => leavesUntranslated(history, THRESHOLDS).map((one) => candidate(history, one)),
  clears: () => undefined,
});

function candidate(history: History, one: LeavesUntranslated): Candidate {
  const { router, flows, waiting, radius } = one;
  const [first] = flows;
  const who = clientsOf(history, flows);
  const by = router ?? 'this host';
  const peers = unique(flows.map(({ address }) => address)).slice(0, 3);
  const { targets, any } = failingAt(history, radius);
  return {
    subject: router === null ? HOST : { kind: 'workload', id: router },
    target: `${who} → ${by} → ${listed(peers)}`,
    raise: true,
    title: `No masquerade: ${by} lets what ${who} sends to ${listed(peers)} out under a private address, and no answer finds the way back`,
    severity: any || waiting > 1 || flows.length > 1 ? 'critical' : 'warning',
    evidence: gather(
      ...flows.slice(0, 3).map(leaving),
      why(first, by),
      failingRow(targets, THRESHOLDS.failingUsers),
    ),
    ruledOut: RIVALS,
    fix: untranslatedFixes(one),
    explanation: gather(
      `${by} forwards SYNs of ${first.source} to ${first.address} as they are: with a rule that translates they would leave under its own address`,
      rulesText(history, one),
    ),
    since: null,
    radius,
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

const clientsOf = (history: History, flows: readonly Untranslated[]): string => {
  const names = unique(flows.flatMap(({ client }) => client ?? []));
  return names.length > 0
    ? whoText(history, names)
    : listed(unique(flows.map(({ source }) => source)).slice(0, 3));
};

function leaving({ source, address, syns }: Untranslated): WeightedEvidence {
  return supports(THRESHOLDS.syns, {
    signal: 'sockets.forwarded',
    reading: syns,
    value: `${plural(syns, 'SYN')} left for ${address} from ${source}, none was answered`,
  });
}

function why({ wayBack, peer, source, reachedByRouter }: Untranslated, by: string): WeightedEvidence {
  const signal = 'sockets.forwarded';
  if (wayBack === false)
    return supports(THRESHOLDS.wayBack, {
      signal,
      reading: 0,
      value: `${peer} knows no way back to ${source}`,
    });
  return reachedByRouter
    ? supports(THRESHOLDS.byRouter, { signal, value: `${peer} answers ${by} itself` })
    : supports(THRESHOLDS.outside, {
        signal,
        value: `${source} is private, ${peer} is outside`,
      });
}

const RIVALS: readonly Rival[] = [
  { id: 'partition', because: 'what a rule here drops would not leave at all' },
];
