import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { innocentDatabase, processRuns, SILENT_WHILE_RUNNING } from '../common-thresholds.js';

/**
 * Every figure that a saturated resolver is judged by. A queue, not silence, is what tells it from a dead one: a
 * first-in-first-out server of capacity C with Q queries waiting answers after Q/C seconds.
 */
export const THRESHOLDS = {
  waitedInVain: {
    unit: 'runs',
    weight: 0.15,
    source: 'RFC 1035 clients give up and ask again; the probe waits as long as they do',
  },
  turnedAway: {
    unit: 'ms',
    weight: 0.15,
    reads: 'an address',
    source: 'dnsmasq --dns-forward-max: REFUSED to what it cannot queue; a rule refuses everybody every time',
  },
  lateAnswers: {
    unit: 'answers',
    value: 1,
    weight: 0.2,
    source: 'a dead server answers never; an answer after its client gave up is a queue',
  },
  /** Answers that came in time, but barely: the first sign. */
  slowAnswers: {
    unit: 'ms',
    weight: 0.1,
    source: 'a dead server answers never; an answer after its client gave up is a queue',
  },
  runsWithoutTarget: { unit: 'runs', value: 3, source: 'our choice: one lost datagram is no outage' },
  hangingTargets: {
    unit: 'targets',
    weight: 0.08,
    reads: 'a first byte within 5 s',
    source: SILENT_WHILE_RUNNING,
  },
  waitingLookups: {
    unit: 'lookups',
    value: 20,
    weight: 0.04,
    reads: '20',
    source: 'our choice; a healthy lookup of 40 ms leaves none waiting at 1 request/s',
  },
  /** Mean wait by Little's law, beyond which the load has outlived its arrivals: 7 s when saturated, 0.1 s when well. */
  meanWait: {
    unit: 'ms',
    value: 2000,
    weight: 0.1,
    against: 0.05,
    source: "Little's law N = λW; 2 s is when a client gives up and asks again",
  },
  /** Arrivals of the last two minutes against now that call a past burst a spike. */
  spike: {
    unit: 'times',
    value: 5,
    weight: 0.04,
    reads: '5 times as many as now',
    source: 'our choice; Netdata takes 10 x its baseline for resets',
  },
  innocentDatabase: innocentDatabase(0.08, 0.15),
  resolverRuns: processRuns(0.04, 0.3),
  logLines: {
    unit: 'lines',
    value: 1,
    weight: 0.04,
    against: 0.1,
    source: 'EAI_AGAIN and ETIMEOUT mean nobody answered in time; NXDOMAIN would be ENOTFOUND',
  },
} as const satisfies Thresholds;
