import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { failingTargets, processRuns, SILENT_WHILE_RUNNING } from '../common-thresholds.js';

const SILENCE = 'no answer to queries watched for 12 s: a queue would have given some';

/** Every figure that a dead resolver is judged by. */
export const THRESHOLDS = {
  /**
   * A query is watched for 10 s after its client gave up at 2 s, and what came late is told by the run that ends up to
   * 4 s later.
   */
  silence: { unit: 'ms', value: 16_000, weight: 0.3, source: SILENCE },
  /** Shorter silence says less. */
  silenceSoFar: { unit: 'ms', value: 16_000, weight: 0.15, source: SILENCE },
  silenceFelt: {
    unit: 'ms',
    value: 4000,
    source:
      'our choice: two lookups in a row that nobody answered, where the lookups of users are seen to fail',
  },
  silentRuns: { unit: 'runs', value: 2, source: 'our choice: one lost datagram is no outage' },
  lateAnswer: { unit: 'ms', windowMs: 10_000, source: 'our choice: an answer is a sign of life' },
  refusedRuns: {
    unit: 'runs',
    value: 2,
    weight: 0.35,
    source: 'udp(7): ECONNREFUSED on a connected socket is ICMP port unreachable',
  },
  running: processRuns(0.2, 0.05),
  failingTarget: failingTargets(0.05, SILENT_WHILE_RUNNING),
  logged: {
    unit: 'lines',
    weight: 0.04,
    reads: 'none',
    source: 'EAI_AGAIN, ETIMEOUT and ECONNREFUSED mean no answer; NXDOMAIN would be ENOTFOUND',
  },
} as const satisfies Thresholds;
