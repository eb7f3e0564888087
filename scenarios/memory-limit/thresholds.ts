import type { Thresholds } from '../../source/diagnosis/mode.js';

const VICTIM = {
  unit: '',
  reads: 'oom → die 137: its first process; oom alone: another one',
  source: 'Docker events of both kinds (measured); OOMKilled is false for a worker',
};
const FILL = {
  unit: 'share',
  reads: '90 %',
  source: 'Netdata cgroup memory: 90 % (80 %), 98 %',
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
  /** Use as a share of the limit, file cache left out. */
  fill: { ...FILL, raise: 0.9, clear: 0.8, critical: 0.98, windowMs: 10_000, weight: 0.1 },
  fillBelow: { ...FILL, weight: 0.02 },
  fillReadings: { unit: 'readings', value: 3, source: 'our choice: fewer are no mean' },
  lookBack: {
    unit: 'ms',
    value: 60_000,
    source: 'our choice: what it used before the kill, and kills before',
  },
  failingUsers: {
    unit: 'targets',
    weight: 0.03,
    source: 'Container Networking Exhaustion document: error rate above 95 %',
  },
} as const satisfies Thresholds;
