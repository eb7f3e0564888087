import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundListener, aroundWorkload } from '../../source/diagnosis/facts/blast-radius.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { askedOnce, type RetryStorm, retryStorms } from '../../source/diagnosis/facts/retry-storms.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf, workloadPlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { percentOf } from '../../source/terminal/format.js';
import { failingTargets } from '../common-thresholds.js';

const THRESHOLDS = {
  attempts: {
    unit: 'attempts',
    value: 20,
    windowMs: 8_000,
    source:
      'our choice: one look at a container at least, which is looked at every 5 s; health checks of two a second are fewer',
  },
  multiplied: {
    unit: 'attempts for a request',
    raise: 2,
    clear: 1.5,
    weight: 0.2,
    source: 'Google SRE book, "Handling Overload": without a budget three tries make three times the load',
  },
  inVain: {
    unit: 'share',
    value: 0.4,
    weight: 0.15,
    source: 'our choice: of two attempts for each request one at least was made for nothing',
  },
  once: {
    unit: 'answered attempts for a request',
    value: 1.25,
    source: 'our choice: a request that is tried again needs one answer; who is given more makes many calls',
  },
  alive: {
    unit: 'segments',
    value: 1,
    windowMs: 8_000,
    weight: 0.15,
    reads: 'any',
    source: 'our choice: what answers nothing at all is another failure, whatever its callers do',
  },
  began: { unit: 'ms', windowMs: 120_000, source: 'our choice: when it began is told of two minutes' },
  failingUsers: failingTargets(0.1),
} as const satisfies Thresholds;

/** Callers that try again at once keep a server busy with requests that nobody waits for any more. */
export const mode = defineMode({
  id: 'retry-storm',
  aliases: ['retry-amplification'],
  called: 'a storm of retries',
  scope: 'listener',
  inputs: [['sockets', 'inside']],
  forMs: 3_000,
  keepMs: 15_000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: [
    ...['http-errors', 'service-hung', 'listen-overflow', 'pool-exhaustion', 'close-wait-leak'],
    ...['retransmission', 'connection-storm', 'port-exhaustion'],
  ],
  followsFrom: [
    ...['service-stopped', 'container-kill', 'container-paused', 'cpu-limit', 'memory-limit', 'latency'],
    ...['packet-loss', 'partition', 'conntrack-full', 'database-down', 'database-connections', 'dns-failure'],
  ],
  rivals: ['service-hung', 'listen-overflow', 'connection-storm', 'latency'],
  detect: (history) => retryStorms(history, THRESHOLDS).map((one) => candidate(history, one)),
  clears: (history) =>
    retryStorms(history, THRESHOLDS).length > 0 ? undefined : askedOnce(history, THRESHOLDS),
});

function candidate(history: History, one: RetryStorm): Candidate {
  const { edge, address, callers, workloads, times, came, inVain, attempts, since, ports } = one;
  const { multiplied } = THRESHOLDS;
  const who = whoText(history, callers);
  const { peerName, peerText } = edge;
  const where = peerName === null ? peerText : `${peerName} port ${edge.port}`;
  const radius = [
    ...workloads.flatMap((name) => aroundWorkload(history, name)),
    ...ports.map((port) => placeOf(`127.0.0.1:${port}`)),
    ...aroundListener(history, address),
    ...(peerName === null ? [] : aroundWorkload(history, peerName)),
  ];
  const { targets, any } = failingAt(history, radius);
  return {
    subject: { kind: 'listener', id: address },
    target: `${who} → ${where}`,
    raise: times >= multiplied.raise,
    clear: times < multiplied.clear,
    title: `${who} ${callers.length > 1 ? 'try' : 'tries'} again without end at ${where}: ${timesText(times)} attempts for each request, ${percentOf(inVain / attempts)} in vain`,
    severity: any ? 'critical' : 'warning',
    evidence: gather(...rows(one, who, where), failingRow(targets, THRESHOLDS.failingUsers)),
    ruledOut: [{ id: 'service-hung', because: `${where} works: it sent ${one.sent} segments in 8 s` }],
    fix: [
      now(`let ${who} try once, or less often: ${where} recovers once it is asked for what it can do`),
      now(`or shed load before ${where}: what waits longer than its caller does is answered for nobody`),
      later(
        'growing pauses with jitter between tries, and a budget for them: a tenth of all requests',
        'backoff',
      ),
      later('a circuit breaker; deadlines that are handed on, so that nobody works for who has left'),
    ],
    explanation: [
      `${came} requests came to ${who} in 8 s, ${attempts} attempts were made at ${where}, of which ${inVain} got no answer in time`,
      `${where} works, and for the most part on what nobody waits for any more: that keeps it as busy after its first trouble as in it`,
    ],
    since,
    radius,
    seenAt: [placeOf(address), ...(peerName === null ? [] : [workloadPlace(peerName)])],
  };
}

const timesText = (times: number): string => (times >= 10 ? times.toFixed(0) : times.toFixed(1));

function rows(
  { edge, times, inVain, attempts, sent }: RetryStorm,
  who: string,
  where: string,
): WeightedEvidence[] {
  const { multiplied, inVain: share, alive } = THRESHOLDS;
  return [
    supports(multiplied, {
      signal: `edge.opened${edge.label}`,
      reading: times,
      value: `${timesText(times)} connections of ${who} to ${where} for each request that comes in`,
    }),
    supports(share, {
      signal: `edge.givenUp${edge.label}`,
      reading: inVain / attempts,
      value: `${inVain} of ${attempts} ended without an answer`,
    }),
    supports(alive, {
      signal: `edge.received${edge.label}`,
      reading: sent,
      value: `${where} sends: ${sent} segments in 8 s`,
    }),
  ];
}
