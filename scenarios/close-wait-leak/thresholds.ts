import type { Thresholds } from '../../source/diagnosis/mode.js';

/** Every figure that a CLOSE-WAIT leak is judged by, for each workload that holds such connections. */
export const THRESHOLDS = {
  waiting: {
    unit: 'connections',
    raise: 50,
    clear: 25,
    critical: 1000,
    weight: 0.2,
    reads: '50, clears at 25, 1000 is critical',
    source: 'our choice; a healthy client leaves none for longer than a moment',
  },
  share: {
    unit: 'share',
    value: 0.5,
    source: 'our choice: a burst leaves few of many, a leak many of few',
  },
  readings: {
    unit: 'readings',
    value: 6,
    windowMs: 60_000,
    weight: 0.15,
    reads: '6 looks',
    source: "Coroot's leak detector: rising, and still rising at its end",
  },
  mostReadings: {
    unit: 'readings',
    value: 24,
    source: 'our choice: four times the least; what fell before that is another story',
  },
  climbsInLast: {
    unit: 'share',
    value: 0.25,
    source: "Coroot's leak detector: its last quarter still climbs",
  },
  onePeer: {
    unit: 'connections',
    weight: 0.05,
    reads: 'one peer stands out',
    source: 'our choice: a burst leaves few of many, a leak many of few',
  },
} as const satisfies Thresholds;
