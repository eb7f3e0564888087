import { defineMode } from '../../source/diagnosis/define-mode.js';
import { supports } from '../../source/diagnosis/evidence.js';
import { aroundHost } from '../../source/diagnosis/facts/blast-radius.js';
import { average, known } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { HOST } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { perSecond } from '../../source/terminal/format.js';

const THRESHOLDS = {
  retransmitted: {
    unit: '%',
    raise: 1,
    clear: 0.5,
    critical: 5,
    windowMs: 30_000,
    weight: 0.25,
    reads: '1 %, clears at 0.5 %, 5 % is critical',
    source: 'measured: retransmitted percent is about the packet loss',
  },
  leastTraffic: {
    unit: '/s',
    value: 3.4,
    source: 'at least 100 segments in the window: of fewer a percentage says nothing',
  },
} as const satisfies Thresholds;

/** This host's kernel sends segments again: packets of its connections get lost on their way. */
export const mode = defineMode({
  id: 'retransmission',
  called: 'lost packets of this host',
  scope: 'host',
  inputs: ['kernel'],
  forMs: 15_000,
  keepMs: 20_000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors'],
  rivals: ['packet-loss', 'listen-overflow', 'conntrack-full'],
  detect(history) {
    const traffic = trafficOf(history);
    return traffic ? [candidate(history, traffic)] : [];
  },
  clears(history) {
    const traffic = trafficOf(history);
    if (!traffic?.enough || traffic.percent >= THRESHOLDS.retransmitted.clear) return undefined;
    return textOf(traffic);
  },
});

interface Traffic {
  /** Segments sent a second, mean of the window. */
  readonly sent: number;
  /** Percent of them that were sent before. */
  readonly percent: number;
  /** Whether they are so many that the percentage says something. */
  readonly enough: boolean;
}

function trafficOf(history: History): Traffic | undefined {
  const { windowMs } = THRESHOLDS.retransmitted;
  const again = average(history, 'kernel.Tcp.RetransSegs', windowMs);
  const sent = average(history, 'kernel.Tcp.OutSegs', windowMs);
  if (again === undefined || sent === undefined) return undefined;
  const percent = sent > 0 ? (100 * again) / sent : 0;
  return { sent, percent, enough: sent >= THRESHOLDS.leastTraffic.value };
}

const textOf = ({ percent, sent }: Traffic): string =>
  `${percent.toFixed(1)} % of ${perSecond(sent)} segments`;

function candidate(history: History, traffic: Traffic): Candidate {
  const { percent, enough } = traffic;
  const { retransmitted } = THRESHOLDS;
  const { windowMs } = retransmitted;
  return {
    subject: HOST,
    target: 'this host, TCP',
    raise: enough && percent > retransmitted.raise,
    clear: percent < retransmitted.clear || !enough,
    title: `Packet loss on this host: ${percent.toFixed(1)} % of TCP segments retransmitted`,
    severity: percent > retransmitted.critical ? 'critical' : 'warning',
    evidence: [
      supports(retransmitted, {
        signal: 'kernel.retransPercent',
        reading: percent,
        value: textOf(traffic),
      }),
    ],
    fix: [
      {
        when: 'now',
        text: 'find the path that loses them',
        command: 'ss -ti state established | grep -B1 retrans',
      },
      {
        when: 'later',
        text: 'look at interface drops, duplex, MTU and the queues on the way',
        command: 'ip -s link',
      },
    ],
    explanation: [`${textOf(traffic)} over ${windowMs / 1000} s`],
    since: known(history, 'kernel.Tcp.RetransSegs', windowMs).find(({ value }) => value > 0)?.at ?? null,
    radius: aroundHost(history),
  };
}
