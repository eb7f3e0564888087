import type { Thresholds } from '../../source/diagnosis/threshold.js';

export const THRESHOLDS = {
  old: {
    unit: 'connections',
    raise: 25,
    clear: 15,
    critical: 1000,
    weight: 0.3,
    reads: '25 of more than 10 s, clears at 15, 1000 is critical',
    source:
      'our choice: a pool keeps some 10 (requests) to 20 (Apache HttpClient) per peer that the peer has closed',
  },
  share: { unit: 'share', value: 0.5, source: 'our choice: a burst leaves few of many, a leak many of few' },
  rising: {
    unit: 'connections',
    value: 50,
    windowMs: 60_000,
    weight: 0.1,
    source: "Coroot's leak detector: rising, and still rising at its end; fewer than 50 may be a burst",
  },
  leastReadings: { unit: 'readings', value: 6, source: 'our choice: of fewer a trend says nothing' },
  leastSpan: {
    unit: 'ms',
    value: 20_000,
    source: 'our choice: a burst of clients that leave climbs as well',
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
