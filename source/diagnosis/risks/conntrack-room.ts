import type { ConntrackSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { count, elapsed, percentOf, perSecond } from '../../terminal/format.js';
import { supports } from '../evidence.js';
import { average, fresh } from '../facts/values.js';
import { HOST } from '../places.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  fill: {
    unit: 'share',
    value: 0.5,
    reads: 'half of it',
    source: 'our choice: one doubling of the load fills it; from 75 % on it is a finding (node-mixin)',
  },
  found: { unit: 'share', value: 0.75, source: 'node-mixin NodeHighNumberConntrackEntriesUsed' },
  ended: {
    unit: 'share',
    value: 0.5,
    windowMs: 60_000,
    reads: 'half of it',
    source:
      'nf_conntrack_proto_tcp.c: each ended connection stays for nf_conntrack_tcp_timeout_time_wait (120 s)',
  },
  established: {
    unit: 's',
    value: 86_400,
    reads: 'a day',
    source: 'our choice: a flow of nobody stays for nf_conntrack_tcp_timeout_established, 5 days by default',
  },
} as const satisfies Thresholds;

const TIME_WAIT = 'tcp_timeout_time_wait';
const ESTABLISHED = 'tcp_timeout_established';

/** A table of connections that one doubling of the load fills, by its size or by how long it keeps what is over. */
export const conntrackRoom: RiskKind = {
  id: 'conntrack-room',
  thresholds: THRESHOLDS,
  find(history) {
    const sample = fresh(history.latest.conntrack);
    if (!sample || sample.fill === null || sample.fill >= THRESHOLDS.found.value) return [];
    return ofFill(sample, sample.fill) ?? ofRate(history, sample) ?? [];
  },
};

function ofFill({ count: held, max, timeouts }: ConntrackSample, fill: number): SeenRisk[] | undefined {
  if (fill < THRESHOLDS.fill.value) return undefined;
  const kept = timeouts[ESTABLISHED];
  const isLong = kept !== undefined && kept > THRESHOLDS.established.value;
  return [
    {
      subject: HOST,
      title: `The conntrack table of this host is ${percentOf(fill)} full`,
      evidence: [
        supports(THRESHOLDS.fill, {
          signal: 'conntrack.fill',
          reading: fill,
          value: `${count(held)} of ${count(max)} flows`,
        }),
        ...(isLong
          ? [
              supports(THRESHOLDS.established, {
                signal: 'conntrack.fill',
                reading: kept,
                value: `an open flow is kept for ${elapsed(1000 * kept)} after its last packet`,
              }),
            ]
          : []),
      ],
      mend: isLong
        ? {
            text: 'let flows of nobody go sooner, with keep-alives of clients below that; or a larger table',
            command: `sysctl -w net.netfilter.nf_conntrack_${ESTABLISHED}=${THRESHOLDS.established.value}`,
          }
        : larger(max),
    },
  ];
}

function ofRate(history: History, { max, timeouts }: ConntrackSample): SeenRisk[] | undefined {
  const seconds = timeouts[TIME_WAIT];
  const { windowMs, value } = THRESHOLDS.ended;
  // What one end opens and the other takes in on this host is one flow.
  const opened = Math.max(
    ...['ActiveOpens', 'PassiveOpens'].map((name) => average(history, `kernel.Tcp.${name}`, windowMs) ?? 0),
  );
  if (seconds === undefined || opened * seconds < value * max) return undefined;
  return [
    {
      subject: HOST,
      title: `Ended connections alone fill ${percentOf((opened * seconds) / max)} of the conntrack table of this host`,
      evidence: [
        supports(THRESHOLDS.ended, {
          signal: 'kernel.Tcp.ActiveOpens',
          reading: (opened * seconds) / max,
          value: `${perSecond(opened)} new connections, each kept for ${seconds} s after its end, in ${count(max)} places`,
        }),
      ],
      mend: {
        text: 'let ended flows go sooner; and let clients keep their connections',
        command: `sysctl -w net.netfilter.nf_conntrack_${TIME_WAIT}=${Math.ceil(seconds / 4)}`,
      },
    },
  ];
}

const larger = (max: number): SeenRisk['mend'] => ({
  text: 'a larger table: 320 bytes a flow',
  command: `sysctl -w net.netfilter.nf_conntrack_max=${2 * max}`,
});
