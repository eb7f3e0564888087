import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports } from '../../source/diagnosis/evidence.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { type Evicted, evicted } from '../../source/diagnosis/facts/forgotten.js';
import { aroundWays } from '../../source/diagnosis/facts/stuck-places.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { FORGETS_SOONER, forgetfulRows, keepAliveFixes, wherePut } from '../forgotten-idle.js';

const THRESHOLDS = {
  unanswered: {
    unit: 'connections',
    value: 1,
    weight: 0.2,
    reads: 'none after a silence',
    source: 'RFC 6298: three timeouts in a row, each twice as long, without any acknowledgement',
  },
  others: {
    unit: 'packets',
    value: 1,
    windowMs: 30_000,
    weight: 0.2,
    reads: 'none',
    source:
      'seed of this mode: the network is healthy for new connections, the old socket is dead in the middle',
  },
  late: {
    unit: 'share',
    value: 0.1,
    source: 'our choice: where a tenth of all openings is lost, it is the way that loses',
  },
  forgetsSooner: FORGETS_SOONER,
} as const satisfies Thresholds;

/** A stateful middle has forgotten connections that were idle, and drops what comes on them without a word. */
export const mode = defineMode({
  id: 'silent-eviction',
  called: 'connections forgotten on the way',
  scope: 'connection',
  inputs: [['sockets', 'inside']],
  forMs: 0,
  keepMs: 15_000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: [
    ...['http-errors', 'retransmission', 'packet-loss', 'service-hung', 'latency', 'pool-exhaustion'],
    ...['unexplained'],
  ],
  rivals: ['partition', 'service-hung', 'conntrack-full'],
  detect: (history) => evicted(history, THRESHOLDS).map((its) => candidate(history, its)),
  clears: () => undefined,
});

function candidate(history: History, its: Evicted): Candidate {
  const { edge, count, idleMs, through, since } = its;
  const who = edge.owner ?? edge.processes?.join(', ') ?? 'this host';
  const radius = aroundWays(history, [edge]);
  const dead = `${plural(count, 'connection')} that ${count === 1 ? 'was' : 'were'} idle for ${duration(idleMs)} or longer`;
  return {
    subject: { kind: 'connection', id: `idle from ${edge.owner ?? 'this host'} to ${edge.peerText}` },
    target: `${who} → ${edge.peerText}`,
    raise: count >= THRESHOLDS.unanswered.value,
    title: `Idle connections from ${who} to ${edge.peerText} are forgotten ${wherePut(history, idleMs)}, nothing answers on them`,
    severity: failingAt(history, radius).any ? 'critical' : 'warning',
    evidence: gather(
      supports(THRESHOLDS.unanswered, {
        signal: `edge.stuckIdle${edge.label}`,
        reading: count,
        value: `${dead} get no acknowledgement, however often what they send is sent again`,
      }),
      supports(THRESHOLDS.others, {
        signal: `edge.opened${edge.label}`,
        reading: through,
        value: `${plural(through, 'opening and answer', 'openings and answers')} on other connections to it got through meanwhile`,
      }),
      ...forgetfulRows(history, idleMs),
    ),
    ruledOut: [
      { id: 'partition', because: 'other connections to it come about, or go on' },
      { id: 'packet-loss', because: 'no other connection to it loses anything to speak of' },
    ],
    fix: keepAliveFixes(history, who, idleMs),
    explanation: [
      `${who} holds them open, and sends on them into nothing until it gives up: nobody said that they are over`,
      'a NAT, firewall or balancer on the way tracks connections, and has dropped those that said nothing for too long',
    ],
    since,
    radius,
  };
}
