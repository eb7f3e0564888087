import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { type DrainGaps, drainGaps, type Gap } from '../../source/diagnosis/facts/drain-gaps.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { History } from '../../source/store/history.js';
import { duration, percentOf, plural } from '../../source/terminal/format.js';

const THRESHOLDS = {
  replaced: {
    unit: 'servers',
    value: 2,
    windowMs: 180_000,
    weight: 0.2,
    source: 'our choice: one alone is a restart; a deployment replaces all of them, one after the other',
  },
  longest: {
    unit: 'ms',
    value: 30_000,
    weight: 0.1,
    source: 'seed of this mode: 502 for 10 to 30 s; terminationGracePeriodSeconds is 30 s',
  },
  beside: {
    unit: 'ms',
    value: 6_000,
    source: 'our choice: one look at a container, which is looked at every 5 s',
  },
  times: {
    unit: 'times',
    value: 2,
    source: 'our choice: a server that is away more often in three minutes comes and goes by itself',
  },
  orderly: {
    unit: '',
    weight: 0.15,
    reads: 'an end that somebody asked for',
    source:
      'Docker events: docker stop, restart and rm -f of a deployment are kill(15) → die → stop (measured)',
  },
  felt: { unit: 'requests', weight: 0.1, reads: 'none', source: 'whoever asks the balancer' },
  unmasked: {
    unit: 'attempts',
    value: 5,
    weight: 0.1,
    source: 'our choice: fewer are within what two looks differ by',
  },
  unmaskedShare: {
    unit: 'share',
    value: 0.6,
    source: 'our choice: a balancer that asks another server makes one attempt more for each that failed',
  },
  lately: {
    unit: 'ms',
    value: 45_000,
    source: 'our choice: a deployment that goes on replaces the next one within that time',
  },
} as const satisfies Thresholds;

/** Servers that stop before those who send to them do: a burst of failures whenever one is replaced. */
export const mode = defineMode({
  id: 'drain-gap',
  aliases: ['lb-draining'],
  called: 'a gap while servers are replaced',
  scope: 'workload',
  inputs: [['sockets', 'inside']],
  forMs: 0,
  keepMs: 10_000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: [
    ...['http-errors', 'service-stopped', 'service-restarted', 'flapping-replica', 'partition'],
    ...['retransmission', 'packet-loss', 'container-unhealthy'],
  ],
  followsFrom: ['memory-limit', 'container-kill'],
  rivals: ['flapping-replica', 'keepalive-race'],
  detect: (history) => drainGaps(history, THRESHOLDS).map((one) => candidate(history, one)),
  clears: (history) =>
    drainGaps(history, THRESHOLDS).length > 0 ? undefined : 'no two servers of one kind refused in turn',
});

function candidate(history: History, one: DrainGaps): Candidate {
  const { who, gaps, servers, failed, opened, places, at } = one;
  const last = gaps.reduce((latest, gap) => (gap.to > latest.to ? gap : latest));
  const isRecent = history.now - last.to <= THRESHOLDS.lately.value;
  const told = whoText(history, servers);
  return {
    subject: { kind: 'workload', id: who },
    target: `${who} → ${told}`,
    raise: isRecent,
    clear: !isRecent,
    title: `${who} still sends to ${told} while each is replaced: ${failed} of ${failed + opened} connections failed, in ${plural(gaps.length, 'burst')}`,
    severity: 'warning',
    evidence: gather(...rows(one, told)),
    ruledOut: [
      {
        id: 'flapping-replica',
        because: `${told} were away one after the other, each ${gaps.length > servers.length ? 'at most twice' : 'once'}`,
      },
      { id: 'keepalive-race', because: 'new connections failed, not kept ones that were used again' },
    ],
    fix: [
      now(`take a server out of ${who} and wait a few seconds before it is stopped, each time`),
      later(
        `let it serve on after it is told to end (preStop: sleep 10), with a readiness check that fails at once`,
      ),
    ],
    explanation: gaps.slice(-3).map(gapText),
    since: gaps[0].from,
    radius: [...places, ...at],
    seenAt: places,
  };
}

const gapText = ({ edge, from, to, failed, ending }: Gap): string =>
  `${edge.peerText} took no connection ${to > from ? `for some ${duration(to - from)}` : 'for a moment'}: ${failed} failed${ending ? `; ${ending.trail}` : ''}`;

function rows(
  { edge, gaps, servers, felt, unmasked, failed, opened }: DrainGaps,
  told: string,
): WeightedEvidence[] {
  const longest = Math.max(...gaps.map(({ from, to }) => to - from));
  const orderly = gaps.flatMap(({ ending }) => ending ?? []);
  const signal = `edge.failed${edge.label}`;
  return gather(
    supports(THRESHOLDS.replaced, {
      signal,
      reading: servers.length,
      value: `${told}: one after the other, while the others served (${percentOf(failed / (failed + opened))} of all connections)`,
    }),
    supports(THRESHOLDS.longest, {
      signal,
      reading: longest,
      value: `the longest gap took ${longest > 0 ? duration(longest) : 'less than one look'}, and ended by itself`,
    }),
    orderly[0] &&
      supports(THRESHOLDS.orderly, { signal: `events{${orderly[0].workload}}`, value: orderly[0].trail }),
    felt[0] &&
      supports(THRESHOLDS.felt, {
        signal: `http.requests{${felt[0].target}}`,
        reading: felt[0].failed,
        value: `${felt[0].target}: ${felt[0].failed} of ${plural(felt[0].of, 'request')} failed, all while a server was away`,
      }),
    unmasked > 0 &&
      supports(THRESHOLDS.unmasked, {
        signal,
        reading: unmasked,
        value: `for ${unmasked} of the failed attempts no other server was asked`,
      }),
  );
}
