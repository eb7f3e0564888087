import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { attemptsInVain, failingTargets, notAccepted, processRuns, STARTING } from '../common-thresholds.js';

/** Every figure that a dead database is judged by. */
export const THRESHOLDS = {
  refused: {
    unit: 'ms',
    weight: 0.3,
    against: 0.4,
    reads: 'SELECT 1 answers',
    source: 'connect(2): ECONNREFUSED means nobody listens on that port',
  },
  attempts: attemptsInVain(2, 0.25),
  starting: STARTING,
  silent: {
    unit: 'ms',
    weight: 0.2,
    reads: 'SELECT 1 answers',
    source: 'the probe waits as long as a client would',
  },
  process: processRuns(0.2, 0.1),
  frozenProcess: {
    unit: '',
    weight: 0.05,
    reads: 'running',
    source: 'proc(5): state T, while the database still says something',
  },
  notAccepted: notAccepted(0.1),
  failingTargets: failingTargets(0.05),
  logLines: {
    unit: 'lines',
    weight: 0.04,
    source: 'connect(2): ECONNREFUSED means nobody listens on that port',
  },
} as const satisfies Thresholds;
