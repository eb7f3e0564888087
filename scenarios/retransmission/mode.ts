import { defineMode } from '../../source/diagnosis/define-mode.js';
import { supports } from '../../source/diagnosis/evidence.js';
import { edges, flowOf } from '../../source/diagnosis/facts/edges.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { total } from '../../source/diagnosis/facts/inside.js';
import { isVisitor, links } from '../../source/diagnosis/facts/links.js';
import { lostAtLeast } from '../../source/diagnosis/facts/lossy-links.js';
import { known, sum } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { HOST } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { edgeSignals } from '../../source/probes/edges/series.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import { SEVERAL_VISITORS } from '../common-thresholds.js';

const THRESHOLDS = {
  retransmitted: {
    unit: '%',
    raise: 1,
    clear: 0.5,
    windowMs: 30_000,
    weight: 0.25,
    reads: '1 %, clears at 0.5 %',
    source: 'measured: the share of data that is sent again is about the packet loss',
  },
  leastData: {
    unit: 'segments',
    value: 20,
    source: 'our choice: of fewer segments in the window a share says nothing',
  },
  severalVisitors: SEVERAL_VISITORS,
  leastAgain: lostAtLeast('segments'),
} as const satisfies Thresholds;

/** This host's kernel sends data again. How trouble shows and never the trouble itself: its causes know this mode. */
export const mode = defineMode({
  id: 'retransmission',
  called: 'lost packets of this host',
  scope: 'host',
  inputs: ['kernel'],
  symptom: true,
  forMs: 5_000,
  keepMs: 20_000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: [],
  followsFrom: ['service-stopped', 'service-hung'],
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
  /** Segments of the window that carried data, each counted once. */
  readonly data: number;
  /** Of them the ones that were sent again, as often as they were, for no reason that is known here. */
  readonly again: number;
  /** Those as a share of all that was sent, 0 to 100. */
  readonly percent: number;
  /** Whether there was so much data that the share says something. */
  readonly enough: boolean;
}

/**
 * What the host's connections sent again. Left out are openings without an answer (TCPSynRetrans) and what a listener
 * of this host made its clients send again by dropping the end of their handshake (ListenDrops): neither is a loss,
 * nor is what the peer says it had twice (TCPDSACKRecv, RFC 2883), nor what came to a peer that had closed. A kernel that does not count data has its segments in their stead.
 */
function trafficOf(history: History): Traffic | undefined {
  const { windowMs } = THRESHOLDS.retransmitted;
  const sum = (counter: string): number | undefined => total(history, `kernel.${counter}`, windowMs);
  const data = sum('TcpExt.TCPOrigDataSent') ?? sum('Tcp.OutSegs');
  const resent = sum('Tcp.RetransSegs');
  if (data === undefined || resent === undefined) return undefined;
  const excused =
    (sum('TcpExt.TCPSynRetrans') ?? 0) +
    (sum('TcpExt.ListenDrops') ?? 0) +
    (sum('TcpExt.TCPDSACKRecv') ?? 0) +
    toClosed(history, windowMs) +
    toFewVisitors(history, windowMs);
  const again = Math.max(0, resent - excused);
  const percent = again > 0 ? (100 * again) / (data + again) : 0;
  return { data, again, percent, enough: data >= THRESHOLDS.leastData.value };
}

/** Segments sent again to clients from afar, while those that need it are so few that it is their own way. */
function toFewVisitors(history: History, ms: number): number {
  const again = links(history)
    .filter(isVisitor)
    .map(({ edges }) => edges.reduce((sum, edge) => sum + flowOf(history, edge, ms).resent, 0))
    .filter((resent) => resent >= THRESHOLDS.leastAgain.value);
  return again.length < THRESHOLDS.severalVisitors.value ? again.reduce((sum, one) => sum + one, 0) : 0;
}

/** Segments that this host sent again to peers that may have closed before. */
const toClosed = (history: History, ms: number): number =>
  edges(history)
    .filter(({ inside }) => inside === null)
    .reduce((all, { label }) => all + sum(history, edgeSignals(label).toClosed, ms), 0);

const textOf = ({ percent, again, data }: Traffic): string =>
  `${percent.toFixed(1)} % sent again (${Math.round(again)} besides ${plural(Math.round(data), 'data segment')})`;

function candidate(history: History, traffic: Traffic): Candidate {
  const { percent, enough, again } = traffic;
  const { retransmitted, leastAgain } = THRESHOLDS;
  const { windowMs } = retransmitted;
  return {
    subject: HOST,
    target: 'this host, TCP',
    raise: enough && again >= leastAgain.value && percent > retransmitted.raise,
    clear: percent < retransmitted.clear || !enough,
    title: `${percent.toFixed(1)} % of the data that this host sends is sent again`,
    severity: 'warning',
    evidence: [
      supports(retransmitted, {
        signal: 'kernel.retransPercent',
        reading: percent,
        value: textOf(traffic),
      }),
    ],
    fix: [
      now(
        'find the connections that send again, and towards whom',
        "ss -tinH state established | grep -B1 'retrans:[0-9]*/[1-9]'",
      ),
      {
        ...later('look at interface drops, duplex, MTU and the queues on the way'),
        command: 'ip -s link',
      },
    ],
    explanation: [`${textOf(traffic)} over ${windowMs / 1000} s`],
    since: known(history, 'kernel.Tcp.RetransSegs', windowMs).find(({ value }) => value > 0)?.at ?? null,
  };
}
