import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { servedBy } from '../../source/diagnosis/facts/blast-radius.js';
import { restartFix } from '../../source/diagnosis/facts/context.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { serviceOf } from '../../source/diagnosis/facts/services.js';
import { fresh, known, STREAK_MS } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { HOST } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { SocketsSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { percentOf, plural } from '../../source/terminal/format.js';

const THRESHOLDS = {
  waiting: {
    unit: 'connections',
    raise: 50,
    clear: 25,
    critical: 1000,
    weight: 0.2,
    reads: '50, clears at 25, 1000 is critical',
    source: 'our choice; a healthy client leaves none for longer than a moment',
  },
  share: { unit: 'share', value: 0.5, source: 'our choice: a burst leaves few of many, a leak many of few' },
  readings: {
    unit: 'readings',
    value: 6,
    windowMs: 60_000,
    weight: 0.15,
    source: "Coroot's leak detector: rising, and still rising at its end",
  },
  mostReadings: { unit: 'readings', value: 24, source: 'our choice: four times the least; the rest is over' },
  climbsInLast: {
    unit: 'share',
    value: 0.25,
    source: "Coroot's leak detector: its last quarter still climbs",
  },
  onePeer: {
    unit: 'connections',
    weight: 0.05,
    reads: 'one peer stands out',
    source: 'our choice: what one peer closes leaks at the code that calls it',
  },
} as const satisfies Thresholds;

/** An application does not close what its peers have closed: sockets pile up in CLOSE-WAIT. */
export const mode = defineMode({
  id: 'close-wait-leak',
  called: 'a leak of connections',
  scope: 'workload',
  inputs: ['sockets'],
  forMs: 20_000,
  keepMs: 20_000,
  minSamples: THRESHOLDS.readings.value,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: [],
  rivals: ['service-hung', 'database-down', 'listen-overflow'],
  detect: (history) =>
    holders(history)
      .filter(({ waiting }) => waiting >= THRESHOLDS.waiting.clear)
      .map((holder) => candidate(history, holder)),
  clears(history) {
    const waiting = fresh(history.latest.sockets)?.total['CLOSE-WAIT'];
    if (waiting === undefined || waiting >= THRESHOLDS.waiting.clear) return undefined;
    return `${plural(waiting, 'connection')} in CLOSE-WAIT`;
  },
});

/** Who holds connections that their peers have closed. */
interface Holder {
  /** The workload that owns them; null for those of this host whose owner is not known. */
  readonly owner: string | null;
  readonly signal: string;
  readonly waiting: number;
  /** Part of its open connections that wait to be closed, 0 to 1. */
  readonly share: number;
}

/** Everybody who holds any: each workload, and the rest that nobody we watch owns. */
function holders(history: History): Holder[] {
  const sample = fresh(history.latest.sockets);
  const total = sample?.total['CLOSE-WAIT'];
  if (!sample || total === undefined) return [];
  const owned = sample.perService.map(({ service, byState }) => {
    const waiting = byState['CLOSE-WAIT'] ?? 0;
    const signal = `sockets.CLOSE-WAIT.of{${service}}`;
    return { owner: service, signal, waiting, share: shareOf(waiting, byState.ESTAB, sample) };
  });
  const waiting = total - owned.reduce((sum, one) => sum + one.waiting, 0);
  const rest = { owner: null, signal: 'sockets.CLOSE-WAIT.unowned', waiting };
  return [...owned, { ...rest, share: shareOf(waiting, undefined, sample) }];
}

/** Where open connections are not counted by owner, all of this host's stand for them: that understates the share. */
const shareOf = (waiting: number, open: number | undefined, { total }: SocketsSample): number =>
  waiting / Math.max(1, waiting + (open ?? total.ESTAB ?? 0));

function candidate(history: History, holder: Holder): Candidate {
  const { owner, waiting, share, signal } = holder;
  const who = owner ?? 'an application of this host';
  const service = owner === null ? undefined : serviceOf(history, owner);
  const count = THRESHOLDS.waiting;
  const readings = lately(history, signal);
  const restart = 'restart the application: buys time until it leaks again';
  return {
    subject: owner === null ? HOST : { kind: 'workload', id: owner },
    target: who,
    raise: waiting >= count.raise && share > THRESHOLDS.share.value && isRising(readings),
    samples: readings.length,
    title: `CLOSE-WAIT leak in ${who}: ${plural(waiting, 'connection')} that it does not close`,
    severity: waiting >= count.critical ? 'critical' : 'warning',
    evidence: evidenceOf(history, holder, isRising(readings)),
    fix: [
      service ? restartFix(service, '', restart) : { when: 'now', text: restart },
      later('close or drain every response body, also on the error path'),
    ],
    explanation: [`the peer has closed, ${owner ?? 'the application'} has not called close()`],
    since: known(history, signal, STREAK_MS).find(({ value }) => value >= count.clear)?.at ?? null,
    ...(owner === null ? {} : { seenAt: servedBy(history, owner) }),
  };
}

function evidenceOf(
  history: History,
  { waiting, share, signal }: Holder,
  rising: boolean,
): WeightedEvidence[] {
  const { waiting: count, share: most, readings, onePeer } = THRESHOLDS;
  const peer = fresh(history.latest.sockets)?.topPeers['CLOSE-WAIT'][0];
  return gather(
    supports(count, {
      signal,
      reading: waiting,
      value: `${waiting} (${percentOf(share)} of open connections)`,
      threshold: `${count.raise}, ${percentOf(most.value)}`,
    }),
    rising ? supports(readings, { signal, value: 'rises and never falls' }) : undefined,
    peer &&
      supports(onePeer, {
        signal: 'sockets.topPeers',
        reading: peer.count,
        value: `${peer.count} on this host are from ${peer.peer}`,
      }),
  );
}

/** Its readings that the trend is taken from, newest last. */
const lately = (history: History, signal: string): readonly number[] =>
  known(history, signal, THRESHOLDS.readings.windowMs)
    .map(({ value }) => value)
    .slice(-THRESHOLDS.mostReadings.value);

/** Whether the count has not fallen over its last readings and is still climbing at their end. */
function isRising(values: readonly number[]): boolean {
  if (values.some((value, i) => i > 0 && value < (values[i - 1] as number))) return false;
  const late = Math.floor(values.length * (1 - THRESHOLDS.climbsInLast.value));
  return (values.at(-1) as number) > (values[late] as number);
}
