import { gather, type WeightedEvidence } from '../source/diagnosis/evidence.js';
import { later } from '../source/diagnosis/facts/fixes.js';
import { packetsFix } from '../source/diagnosis/facts/packets-fix.js';
import { slowTargetRow } from '../source/diagnosis/facts/rows.js';
import type { EndPlace } from '../source/diagnosis/facts/sick-ends.js';
import type { Candidate, Rival } from '../source/diagnosis/mode.js';
import type { Threshold } from '../source/diagnosis/threshold.js';
import type { History } from '../source/store/history.js';
import { duration } from '../source/terminal/format.js';
import { noCpuLimit } from './common-rivals.js';
import { NEAR_MS, NO_CPU_LIMIT } from './common-thresholds.js';

/** What is said alike of an end whose packets come late, and of one whose packets get lost. */

/** The figures of `packetsFinding`: a target that got slower, which is a `sign` of the failure, and no CPU limit. */
export const packetsThresholds = (weight: number, sign: string) => ({
  slowTarget: {
    unit: 'ms',
    weight,
    source: `Network Failure Scenarios document: ${sign}, and three times what is usual`,
  },
  noCpuLimit: NO_CPU_LIMIT,
});

/** What bears them. */
const BEAR = {
  delays: [
    later('deadlines in the clients, shorter than their own callers wait'),
    later('connection pool: a connection takes several round trips, a query takes one', 'pool'),
  ],
  loses: [
    later('retries with growing pauses and jitter, only where a request may be sent twice'),
    later('connection pool: an open connection recovers in 0.2 s, a lost first packet costs 1 s', 'pool'),
  ],
} as const;

/** What a mode says of such an end itself. */
type Own = Pick<Candidate, 'raise' | 'clear' | 'title' | 'severity' | 'explanation'> & {
  readonly name: string;
  readonly evidence: readonly WeightedEvidence[];
  readonly ruledOut: readonly Rival[];
};

/** The finding at such an end: its own, the target that feels it, that no CPU limit does it, and what takes it away. */
export function packetsFinding(
  history: History,
  place: EndPlace,
  how: keyof typeof BEAR,
  { name, evidence, ruledOut, ...own }: Own,
  slowTarget: Threshold,
): Candidate {
  return {
    ...place,
    ...own,
    evidence: gather(...evidence, slowTargetRow(history, place, slowTarget)),
    ruledOut: gather(...ruledOut, noCpuLimit(history, name, place.since)),
    fix: [packetsFix(history, name, how), ...BEAR[how]],
  };
}

/** That what is not lost comes at once, by the quickest (ms): no delay. */
export const notLate = (least: number | undefined, does: string): Rival | undefined =>
  least === undefined || least >= NEAR_MS.value
    ? undefined
    : { id: 'latency', because: `what is not lost ${does} in ${duration(Math.max(least, 0.1))}` };
