import type { Thresholds } from '../../source/diagnosis/threshold.js';

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
  running: {
    unit: '',
    weight: 0.2,
    against: 0.05,
    reads: 'running',
    source: 'proc(5): state of /proc/PID/stat',
  },
  failingTarget: {
    unit: 'targets',
    weight: 0.05,
    source: 'Container Networking Exhaustion document: HTTP 000 while the process runs',
  },
  logged: {
    unit: 'lines',
    weight: 0.04,
    reads: 'none',
    source: 'EAI_AGAIN, ETIMEOUT and ECONNREFUSED mean no answer; NXDOMAIN would be ENOTFOUND',
  },
} as const satisfies Thresholds;
