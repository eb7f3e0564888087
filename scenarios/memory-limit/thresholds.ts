import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { failingTargets } from '../common-thresholds.js';

const VICTIM = {
  unit: '',
  reads: 'oom → die 137: its first process; oom alone: another one',
  source: 'Docker events of both kinds (measured); OOMKilled is false for a worker',
};
const FILL = {
  unit: 'share',
  raise: 0.9,
  clear: 0.8,
  critical: 0.98,
  windowMs: 10_000,
  reads: '90 %, clears at 80 %, 98 % is critical',
  source: 'Netdata cgroup memory: 90 % (80 %), 98 %; file cache left out',
};

/** Every figure that a memory limit is judged by. */
export const THRESHOLDS = {
  oomKills: {
    unit: 'kills',
    value: 0,
    weight: 0.35,
    source: 'oom_kill of its cgroup, or an oom event: one is enough (DIAGNOSIS R24)',
    reads: '0',
  },
  toldAfterKill: { unit: 'ms', value: 20_000, source: 'our choice; longer while its container is away' },
  endFollowsKill: { unit: 'ms', value: 1500, source: 'measured: the kill of a first process, then its die' },
  firstProcessKilled: { ...VICTIM, weight: 0.1 },
  workerKilled: { ...VICTIM, weight: 0.08 },
  fill: { ...FILL, weight: 0.1 },
  /** Where nothing was killed, and where it was not so full. */
  fillByItself: { ...FILL, weight: 0.2 },
  fillLower: { ...FILL, weight: 0.02 },
  fillReadings: { unit: 'readings', value: 3, source: 'our choice: fewer are no mean' },
  lookedBackOver: {
    unit: 'ms',
    value: 60_000,
    source: 'our choice: what it used before the kill, and kills before',
  },
  failingUsers: failingTargets(0.03),
} as const satisfies Thresholds;
