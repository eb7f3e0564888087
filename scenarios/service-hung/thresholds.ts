import { ASKED_BEHIND } from '../../source/diagnosis/facts/well-behind.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { innocentDatabase, lookupsInTime, nobodyAccepted, notAccepted } from '../common-thresholds.js';

/** Every figure that a frozen or silent service is judged by. */
export const THRESHOLDS = {
  firstByte: {
    unit: 'ms',
    weight: 0.2,
    reads: 'a first byte',
    source: 'the kernel accepts for a process that is frozen: connect works, read hangs (measured)',
  },
  processState: {
    unit: '',
    weight: 0.3,
    against: 0.05,
    reads: 'state S or R',
    source: 'proc(5): state T of /proc/PID/stat is stopped by a signal',
  },
  notAccepted: notAccepted(0.1),
  unanswered: {
    unit: 'ms',
    value: 3_000,
    weight: 0.25,
    reads: 'an answer in 3 s',
    source: 'our choice: longer than the flow of thought bears, shorter than usual client timeouts (5 s)',
  },
  unaccepted: nobodyAccepted(0.25),
  answersNobody: {
    unit: 'ms',
    windowMs: 10_000,
    weight: 0.25,
    reads: 'an answer to somebody',
    source: 'our choice: in ten seconds a server that is only slow answers somebody',
  },
  /** Trouble with lookups keeps this from being named. */
  lookupsInTime: lookupsInTime(0.06, 0.25, 'a slow resolver makes its clients look frozen'),
  ...ASKED_BEHIND,
  databaseAnswers: innocentDatabase(0.06, 0.25),
} as const satisfies Thresholds;
