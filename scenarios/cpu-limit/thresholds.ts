import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { lookupsInTime, notAccepted } from '../common-thresholds.js';

/** Every figure that a CPU limit is judged by. */
export const THRESHOLDS = {
  throttled: {
    unit: '%',
    raise: 25,
    clear: 10,
    windowMs: 10_000,
    weight: 0.15,
    source: 'kubernetes-mixin CPUThrottlingHigh: 25 % of periods',
  },
  throttledReadings: { unit: 'readings', value: 3, source: 'our choice: fewer are no mean' },
  toldUnfelt: {
    unit: 'ms',
    value: 60_000,
    source: 'our choice: what nobody feels has to last, for a notice',
  },
  atItsQuota: {
    unit: 'share',
    value: 0.7,
    windowMs: 10_000,
    weight: 0.08,
    source: 'cpu.cfs_quota_us / cpu.cfs_period_us, or cpu.max',
  },
  timesSlower: {
    unit: 'times',
    value: 2,
    weight: 0.25,
    source: 'DIAGNOSIS R23: latency above 2 × its baseline; 50 ms is our floor',
  },
  leastSlower: { unit: 'ms', value: 50, source: 'our choice: less is nothing that anybody feels' },
  notAccepted: notAccepted(0.1),
  lookupsInTime: lookupsInTime(
    0.05,
    0.2,
    'a slow resolver makes its clients slow, and uses no CPU of theirs',
  ),
} as const satisfies Thresholds;
