import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, type Measured, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundWorkload } from '../../source/diagnosis/facts/blast-radius.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { aroundWays } from '../../source/diagnosis/facts/stuck-places.js';
import { type TooLarge, tooLarge } from '../../source/diagnosis/facts/too-large.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Threshold, Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';

const THRESHOLDS = {
  stuck: {
    unit: 'connections',
    value: 2,
    weight: 0.25,
    source: 'our choice: a single peer may have gone in the middle of an answer',
  },
  stuckFromAfar: {
    unit: 'connections',
    value: 3,
    source: 'our choice: clients that nobody knows go without a word, several behind one address',
  },
  anyWay: {
    unit: 'bytes',
    value: 1_220,
    source: 'RFC 8200: any way takes packets of 1280 bytes, of which 60 are IPv6 and TCP',
  },
  small: {
    unit: 'packets',
    value: 0,
    windowMs: 30_000,
    weight: 0.1,
    source: 'Real-World Network Failure Scenarios: "small packets work, large ones silently die"',
  },
  late: {
    unit: 'share',
    value: 0.1,
    source: 'our choice: where a tenth of all openings is lost, packets of any size are',
  },
  onlySmall: {
    unit: 'times',
    weight: 0.35,
    reads: 'answers of usual segments come as well',
    source: 'RFC 9293, 3.7.1: a peer sends no larger segments than it is told to; tried by turns',
  },
  narrow: {
    unit: 'bytes',
    weight: 0.1,
    reads: 'as much as is sent',
    source: 'RFC 1191: a packet that is too large is dropped, and its sender told by ICMP',
  },
} as const satisfies Thresholds;

/** Packets above some size do not get through, and nobody tells their sender: what is small arrives. */
export const mode = defineMode({
  id: 'mtu-black-hole',
  called: 'packets too large for their way',
  scope: 'connection',
  inputs: [['sockets', 'inside', 'http']],
  forMs: 0,
  keepMs: 10_000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'retransmission', 'packet-loss', 'service-hung', 'latency', 'unexplained'],
  rivals: ['partition', 'conntrack-full', 'listen-overflow'],
  detect: (history) => tooLarge(history, THRESHOLDS).map((its) => candidate(history, its)),
  clears: () => undefined,
});

function candidate(history: History, its: TooLarge): Candidate {
  const { owner, who, to, ways, targets, narrow } = its;
  const radius = [
    ...aroundWays(
      history,
      ways.map(({ edge }) => edge),
    ),
    ...(owner === null ? [] : aroundWorkload(history, owner)),
    ...targets.map(({ address }) => placeOf(address)),
  ];
  const opened = ways.reduce((sum, { through }) => sum + through, 0);
  const at = narrow[0] ? ` in ${narrow[0].name}` : ' on the way';
  return {
    subject: { kind: 'connection', id: `large packets of ${owner ?? (ways.length > 0 ? 'this host' : who)}` },
    target: `${who} → ${to}`,
    raise: true,
    title: `Large packets from ${who} to ${to} get lost${at}, small ones arrive`,
    severity: failingAt(history, radius).any || targets.length > 0 ? 'critical' : 'warning',
    evidence: evidenceOf(its),
    ruledOut: gather(
      opened > 0 && {
        id: 'packet-loss',
        because: `${plural(opened, 'small packet')} of the same way arrived meanwhile, large ones never`,
      },
      {
        id: 'service-hung',
        because:
          ways.length > 0
            ? 'what it answers is there, and is sent again and again'
            : 'it answers at once where it is asked to send small segments',
      },
    ),
    fix: [
      now(
        'clamp the segment size to the way, in the router before the narrow part of it',
        'iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
      ),
      later(
        'let ICMP "fragmentation needed" (type 3, code 4) and "packet too big" (ICMPv6 type 2) through every firewall',
      ),
      later(`or let ${who} find the size by itself: sysctl -w net.ipv4.tcp_mtu_probing=1`),
    ],
    explanation: [
      'no packet of that size is acknowledged, however often it is sent again; handshakes, requests and short answers are',
      'a router on the way takes smaller packets only, and its ICMP message that says so does not come back',
      ...narrow.map(({ name, mtu }) => `${name} takes packets of ${mtu} bytes at most`),
    ],
    since: its.since,
    radius,
  };
}

/** The first of several rows of a kind weighs, the others are only printed. */
const rows = <One>(
  all: readonly One[],
  against: Threshold,
  row: (one: One) => Measured,
): WeightedEvidence[] =>
  all.slice(0, 3).map((one, i) => supports(against, i === 0 ? row(one) : { ...row(one), weight: 0 }));

const evidenceOf = ({ ways, targets, narrow }: TooLarge): WeightedEvidence[] => [
  ...rows(ways, THRESHOLDS.stuck, ({ edge, count, bytes }) => ({
    signal: `edge.stuckFull${edge.label}`,
    reading: count,
    value: `${plural(count, 'connection')} to ${edge.peerText} send full segments of ${bytes} bytes again and again, none is acknowledged`,
  })),
  ...rows(ways.slice(0, 1), THRESHOLDS.small, ({ edge, through }) => ({
    signal: `edge.opened${edge.label}`,
    reading: through,
    value: `${plural(through, 'small packet')} (openings, requests) got through meanwhile`,
  })),
  ...rows(targets, THRESHOLDS.onlySmall, ({ target, sample: { failure } }) => ({
    signal: `http.ok{${target}}`,
    reading: failure?.onlySmall?.times,
    value: `${target} stops in usual segments; in segments of ${failure?.onlySmall?.segment} bytes it comes whole, ${failure?.onlySmall?.times} times by turns`,
  })),
  ...rows(narrow, THRESHOLDS.narrow, ({ name, mtu }) => ({
    signal: `inside{${name}}`,
    reading: mtu,
    value: `${name}: packets of ${mtu} bytes at most`,
  })),
];
