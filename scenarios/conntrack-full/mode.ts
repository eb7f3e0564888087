import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, weigh, withUnit } from '../../source/diagnosis/evidence.js';
import {
  aroundTable,
  type ConntrackTable,
  conntrackTables,
} from '../../source/diagnosis/facts/conntrack-tables.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { clientsText } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { percentOf, perSecond } from '../../source/terminal/format.js';

const THRESHOLDS = {
  fill: {
    unit: 'share',
    raise: 0.75,
    clear: 0.7,
    warning: 0.9,
    critical: 0.95,
    weight: 0.2,
    reads: '75 %, 90 % warns, 95 % is critical',
    source:
      'raised as node-mixin NodeHighNumberConntrackEntriesUsed; Netdata netfilter_conntrack_full warns above 90 %; the kernel evicts assured flows from 95 % on',
  },
  drops: {
    unit: '/s',
    value: 0,
    windowMs: 10_000,
    weight: 0.19,
    reads: '0',
    source: 'nf_conntrack_core.c: drop less insert_failed grows only when the table is full',
  },
  fillWhileDropping: {
    unit: 'share',
    value: 0.5,
    source: 'our choice: drops of a table that is half empty have another cause',
  },
} as const satisfies Thresholds;

/** A connection tracking table is full or nearly so: new flows are dropped without a word. */
export const mode = defineMode({
  id: 'conntrack-full',
  called: 'a full conntrack table',
  scope: 'host',
  inputs: [['conntrack', 'inside']],
  forMs: 2000,
  keepMs: 30_000,
  minSamples: 1,
  base: 0.6,
  thresholds: THRESHOLDS,
  explains: [
    ...['retransmission', 'http-errors', 'resolver-dead', 'partition', 'dns-failure', 'name-missing'],
    ...['packet-loss', 'service-hung', 'close-wait-leak'],
  ],
  rivals: [],
  detect: (history) => conntrackTables(history, THRESHOLDS.drops).flatMap((one) => candidate(history, one)),
  clears(history) {
    const tables = conntrackTables(history, THRESHOLDS.drops);
    const isFull = ({ sample: { fill }, drops }: ConntrackTable): boolean =>
      fill !== null && (fill >= THRESHOLDS.fill.clear || drops > THRESHOLDS.drops.value);
    const [first, ...rest] = tables;
    if (!first || tables.some(isFull)) return undefined;
    const most = rest.reduce(
      (one, other) => ((other.sample.fill ?? 0) > (one.sample.fill ?? 0) ? other : one),
      first,
    );
    const { fill, count } = most.sample;
    if (fill === null) return `${count} flows, and the table has no limit`;
    return `${percentOf(fill)} of it is used, nothing is dropped`;
  },
});

function candidate(history: History, table: ConntrackTable): Candidate[] {
  const { fill: full, drops: lost, fillWhileDropping } = THRESHOLDS;
  const { inside, subject, sample, label, drops } = table;
  const { count, max, fill } = sample;
  if (fill === null) return [];
  const dropping = drops > lost.value;
  const [tracked, room] = [count, max].map((figure) => figure.toLocaleString('en-US'));
  const who = inside === null ? 'this host' : clientsText(history, inside);
  const whose = inside === null ? '' : ` in the network of ${who}`;
  return [
    {
      subject,
      target: `${who}, new connections`,
      raise: fill > full.raise || (dropping && fill > fillWhileDropping.value),
      clear: fill < full.clear && !dropping,
      title: dropping
        ? `Conntrack table full${whose}: new connections are dropped`
        : `Conntrack table nearly full${whose}: ${withUnit(fill, 'share')} used`,
      severity: fill > full.critical || dropping ? 'critical' : fill > full.warning ? 'warning' : 'notice',
      evidence: gather(
        weigh(fill > full.raise, full, {
          signal: `conntrack.fill${label}`,
          reading: fill,
          value: `${tracked} of ${room} (${percentOf(fill)})`,
        }),
        dropping
          ? supports(lost, { signal: `conntrack.drop${label}`, reading: drops, value: perSecond(drops) })
          : undefined,
      ),
      fix: fixes(table),
      explanation: [
        `${tracked} flows tracked${whose}, room for ${room}`,
        ...(inside === null
          ? []
          : ['the limit is one for the machine; each network has a table, and a count, of its own']),
      ],
      since: null,
      radius: aroundTable(history, table),
    },
  ];
}

function fixes({ inside, sample: { max } }: ConntrackTable): readonly Fix[] {
  const raise = now(
    inside === null
      ? 'raise the limit'
      : "raise the limit, which is the machine's and stands outside the container",
    `sysctl -w net.netfilter.nf_conntrack_max=${max * 2}`,
  );
  return inside === null
    ? [
        raise,
        {
          when: 'later',
          text: 'let finished flows go sooner, and reuse connections',
          command: 'sysctl -w net.netfilter.nf_conntrack_tcp_timeout_time_wait=30',
        },
      ]
    : [
        now(
          `see what it opens so many flows to`,
          `nsenter -t $(docker inspect -f '{{.State.Pid}}' ${inside[0]}) -n conntrack -L | awk '{print $1}' | sort | uniq -c`,
        ),
        raise,
        later(`let ${inside[0]} use its sockets and connections again: a flow each is kept for minutes`),
      ];
}
