import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { wellDatabaseAt } from '../../source/diagnosis/facts/data-waits.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import {
  aroundOwner,
  type PinnedPool,
  pinnedPools,
  roomyPool,
} from '../../source/diagnosis/facts/pinned-pools.js';
import { readSince } from '../../source/diagnosis/facts/read-since.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf, workloadPlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { failingTargets } from '../common-thresholds.js';

const THRESHOLDS = {
  pool: {
    unit: 'connections',
    value: 2,
    weight: 0.2,
    reads: 'now more, now fewer',
    source: 'our choice: one alone is a client that asks one thing after the other',
  },
  idle: { unit: 'share', value: 0.5, source: 'measured: HAProxy keeps 2 beside a maxconn of 4' },
  between: {
    unit: 'share',
    value: 0.1,
    source: 'our choice: connections that are between two requests when they are looked at',
  },
  pinned: {
    unit: 'ms',
    value: 4_000,
    windowMs: 12_000,
    source: 'our choice: two looks at a container, which is looked at every 5 s; a burst is over by then',
  },
  queue: {
    unit: 'share',
    value: 0.5,
    weight: 0.2,
    reads: 'half as many as connections',
    source: 'our choice: one or two that wait are served with the next answer',
  },
  callers: { unit: 'callers', value: 2, source: 'our choice: one that waits is no queue' },
  waits: {
    unit: 'ms',
    value: 1_000,
    weight: 0.15,
    reads: '1 s',
    source: "Nielsen: longer than a second interrupts the user's flow of thought",
  },
  longer: {
    unit: 'times',
    value: 1.25,
    source: 'our choice: who does not queue waits as long as the request that is made for it',
  },
  answers: {
    unit: 'ms',
    windowMs: 15_000,
    source: 'our choice: requests that hang for so long hang at the server, which is another failure',
  },
  failingUsers: failingTargets(0.05),
} as const satisfies Thresholds;

/** All connections of a client's pool towards one server are busy, and those who call that client wait for one. */
export const mode = defineMode({
  id: 'pool-exhaustion',
  called: 'a used-up pool of connections',
  scope: 'workload',
  inputs: [['sockets', 'inside']],
  forMs: 2_500,
  keepMs: 15_000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-hung', 'listen-overflow', 'close-wait-leak'],
  followsFrom: [
    ...['service-hung', 'database-down', 'container-paused', 'cpu-limit', 'memory-limit', 'latency'],
    ...['packet-loss', 'partition', 'listen-overflow', 'conntrack-full', 'swarm-replicas'],
  ],
  rivals: ['service-hung', 'database-down', 'database-connections', 'listen-overflow'],
  detect: (history) => pinnedPools(history, THRESHOLDS).map((one) => candidate(history, one)),
  clears: (history) =>
    pinnedPools(history, THRESHOLDS).length > 0 ? undefined : roomyPool(history, THRESHOLDS),
});

function candidate(history: History, one: PinnedPool): Candidate {
  const { id, who, edge, size, since, queued, waitMs, upstreamMs, address, answered } = one;
  const radius = aroundOwner(history, one);
  const { targets, any } = failingAt(history, radius);
  const well = wellDatabaseAt(readSince(history, since), edge);
  return {
    subject: { kind: 'workload', id },
    target: `${who} → ${edge.peerText}`,
    raise: true,
    title: `${who} has used up its pool of ${size} connections to ${edge.peerText}: ${plural(queued, 'caller')} ${queued === 1 ? 'waits' : 'wait'} for one`,
    severity: any ? 'critical' : 'warning',
    evidence: gather(...rows(one), failingRow(targets, THRESHOLDS.failingUsers)),
    ruledOut: [
      ...(answered ? [{ id: 'service-hung', because: `${edge.peerText} answers` }] : []),
      ...(well ? [{ id: 'database-down', because: `${well} answers whoever comes` }] : []),
    ],
    fix: [
      now(
        `see what ${edge.peerText} does for so long: its slow requests are what holds the connections`,
        `ss -tni dst ${address}`,
      ),
      later(
        `as many connections as requests a second times seconds each takes, if ${edge.peerText} bears them`,
      ),
      later('deadlines shorter than callers wait; a bounded wait for a connection, then an error at once'),
    ],
    explanation: [
      `never more than ${size} requests are under way; the oldest caller waits for ${duration(waitMs)}, the oldest request of theirs for ${duration(upstreamMs)}: they wait in ${who}, not at ${edge.peerText}`,
      ...(well ? [`${well} answers whoever comes`] : []),
    ],
    since,
    radius,
    seenAt: [edge.peerName === null ? placeOf(address) : workloadPlace(edge.peerName)],
  };
}

function rows(one: PinnedPool): WeightedEvidence[] {
  const { edge, size, signal, queued, callers, waitMs, upstreamMs, who } = one;
  const { pool, queue, waits } = THRESHOLDS;
  const asked = `edges${edge.label}`;
  return [
    supports(pool, { signal, reading: size, value: `${size} requests under way in every look, never more` }),
    supports(queue, {
      signal: asked,
      reading: queued,
      value: `${plural(callers, 'caller')} of ${who} without an answer, ${queued} more than it asks anything for`,
    }),
    supports(waits, {
      signal: asked,
      reading: waitMs,
      value: `the oldest caller waits for ${duration(waitMs)}, the oldest request to ${edge.peerText} for ${duration(upstreamMs)}`,
    }),
  ];
}
