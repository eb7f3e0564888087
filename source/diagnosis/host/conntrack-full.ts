import type { History } from '../../store/history.js';
import { gather, refutes, supports } from '../evidence.js';
import { percent, perSecond } from '../facts/text.js';
import { fresh, largest } from '../facts/values.js';
import type { Assessment, Signature } from '../signature.js';

const THRESHOLDS = {
  notice: { raise: 0.75, clear: 0.7, source: 'node-mixin NodeHighNumberConntrackEntriesUsed' },
  warning: { value: 0.9, source: 'Netdata netfilter_conntrack_full: warns above 90 %, clears below 85 %' },
  critical: { value: 0.95, source: 'Netdata, and the kernel evicts assured flows from 95 % on' },
  drops: {
    value: 0,
    source: 'nf_conntrack_core.c: drop less insert_failed grows only when the table is full',
  },
} as const;

/** The connection tracking table is full or nearly so: new flows are dropped without a word. */
export const conntrackFull: Signature = {
  id: 'conntrack-full',
  forMs: 10_000,
  keepMs: 30_000,
  explains: ['retransmission', 'http-errors', 'resolver-dead'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const sample = fresh(history.latest.conntrack);
  if (!sample) return undefined;
  const { count, max, fill } = sample;
  // A clash of two lookups counts as drop and as insert_failed; only what is left over means "full".
  const drops =
    (largest(history, 'conntrack.drop', 10_000) ?? 0) -
    (largest(history, 'conntrack.insertFailed', 10_000) ?? 0);
  const dropping = drops > THRESHOLDS.drops.value;
  const critical = fill > THRESHOLDS.critical.value || dropping;
  return {
    target: 'this host, new connections',
    raise: fill > THRESHOLDS.notice.raise || (dropping && fill > 0.5),
    clear: fill < THRESHOLDS.notice.clear && !dropping,
    title: dropping
      ? 'The conntrack table is full: new connections are dropped'
      : 'The conntrack table is nearly full',
    severity: critical ? 'critical' : fill > THRESHOLDS.warning.value ? 'warning' : 'notice',
    base: 0.6,
    evidence: gather(
      (fill > THRESHOLDS.notice.raise ? supports : refutes)(0.2, {
        signal: 'conntrack.fill',
        value: `${count.toLocaleString('en-US')} of ${max.toLocaleString('en-US')} (${percent(fill)})`,
        threshold: `${percent(THRESHOLDS.notice.raise)}, 90 % warns, 95 % is critical`,
        source: THRESHOLDS.warning.source,
      }),
      dropping
        ? supports(0.19, {
            signal: 'conntrack.drop',
            value: perSecond(drops),
            threshold: '0',
            source: THRESHOLDS.drops.source,
          })
        : undefined,
    ),
    ruledOut: [],
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
    story: [`${count.toLocaleString('en-US')} flows tracked, room for ${max.toLocaleString('en-US')}`],
    since: null,
  };
}
