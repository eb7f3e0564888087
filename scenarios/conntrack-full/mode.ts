import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, weigh, withUnit } from '../../source/diagnosis/evidence.js';
import { aroundHost } from '../../source/diagnosis/facts/blast-radius.js';
import { fresh, largest } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { HOST } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { ConntrackSample } from '../../source/probes/samples.js';
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

/** The connection tracking table is full or nearly so: new flows are dropped without a word. */
export const mode = defineMode({
  id: 'conntrack-full',
  called: 'a full conntrack table',
  scope: 'host',
  inputs: ['conntrack'],
  forMs: 2000,
  keepMs: 30_000,
  minSamples: 1,
  base: 0.6,
  thresholds: THRESHOLDS,
  explains: ['retransmission', 'http-errors', 'resolver-dead', 'partition'],
  rivals: [],
  detect(history) {
    const sample = fresh(history.latest.conntrack);
    return sample && sample.fill !== null ? [candidate(history, sample, sample.fill)] : [];
  },
  clears(history) {
    const sample = fresh(history.latest.conntrack);
    if (!sample) return undefined;
    if (sample.fill === null) return `${sample.count} flows, and the table has no limit`;
    if (sample.fill >= THRESHOLDS.fill.clear || dropsOf(history) > THRESHOLDS.drops.value) return undefined;
    return `${percentOf(sample.fill)} of it is used, nothing is dropped`;
  },
});

/** Flows dropped a second: a clash of two lookups counts as drop and as insert_failed, only what is left means "full". */
function dropsOf(history: History): number {
  const { windowMs } = THRESHOLDS.drops;
  return (
    (largest(history, 'conntrack.drop', windowMs) ?? 0) -
    (largest(history, 'conntrack.insertFailed', windowMs) ?? 0)
  );
}

function candidate(history: History, { count, max }: ConntrackSample, fill: number): Candidate {
  const { fill: full, drops: lost, fillWhileDropping } = THRESHOLDS;
  const drops = dropsOf(history);
  const dropping = drops > lost.value;
  const [tracked, room] = [count, max].map((figure) => figure.toLocaleString('en-US'));
  return {
    subject: HOST,
    target: 'this host, new connections',
    raise: fill > full.raise || (dropping && fill > fillWhileDropping.value),
    clear: fill < full.clear && !dropping,
    title: dropping
      ? 'Conntrack table full: new connections are dropped'
      : `Conntrack table nearly full: ${withUnit(fill, 'share')} used`,
    severity: fill > full.critical || dropping ? 'critical' : fill > full.warning ? 'warning' : 'notice',
    evidence: gather(
      weigh(fill > full.raise, full, {
        signal: 'conntrack.fill',
        reading: fill,
        value: `${tracked} of ${room} (${percentOf(fill)})`,
      }),
      dropping
        ? supports(lost, { signal: 'conntrack.drop', reading: drops, value: perSecond(drops) })
        : undefined,
    ),
    fix: [
      {
        when: 'now',
        text: 'raise the limit',
        command: `sysctl -w net.netfilter.nf_conntrack_max=${max * 2}`,
      },
      {
        when: 'later',
        text: 'let finished flows go sooner, and reuse connections',
        command: 'sysctl -w net.netfilter.nf_conntrack_tcp_timeout_time_wait=30',
      },
    ],
    explanation: [`${tracked} flows tracked, room for ${room}`],
    since: null,
    radius: aroundHost(history),
  };
}
