import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { NO_CPU_LIMIT, slowTarget } from '../common-thresholds.js';

const EVEN = 'measured: a delay differs by milliseconds, loss by a second';
const ARRIVES = 'a delayed packet arrives: nothing is sent again';
const COMPARED = 'our choice: slow together while the others are quick is a delay at once, not our own pause';

/** Every figure that a delay is judged by. */
export const THRESHOLDS = {
  /** The least round trip of each connection, as its kernel measured it. */
  nearRoundTrip: {
    unit: 'ms',
    raise: 20,
    clear: 10,
    weight: 0.35,
    reads: '20 ms on one machine or wire, clears at 10 ms',
    source: 'Coroot NetworkRTT: 10 ms within a cluster; twice that, so that a busy machine is none',
  },
  nearQueue: {
    unit: 'ms',
    value: 250,
    weight: 0.3,
    source: 'RFC 1122: an acknowledgement may be held back 200 ms on Linux; more is a queue',
  },
  timesOwnBest: { unit: 'times', value: 5, source: 'our choice: five times its own best' },
  moreThanBest: { unit: 'ms', value: 50, source: 'our choice: less is what a longer route does' },
  slowLooks: {
    unit: 'looks',
    value: 2,
    windowMs: 25_000,
    source: 'our choice: one look may be our own pause',
  },
  slowConnect: {
    unit: 'ms',
    value: 10,
    weight: 0.2,
    source: 'Coroot NetworkRTT: 10 ms within a cluster; and five times its own best',
  },
  timesItsBest: { unit: 'times', value: 5, source: 'our choice: five times its own best' },
  wellAgainBelow: {
    unit: 'share',
    value: 0.5,
    source: 'our choice: half of the two bounds above, so that it does not come and go',
  },
  quickElsewhere: { unit: 'ms', value: 10, weight: 0.1, source: 'Coroot NetworkRTT: 10 ms within a cluster' },
  spread: { unit: 'ms', value: 10, weight: 0.1, source: EVEN },
  spreadShare: { unit: 'share', value: 0.6, source: EVEN },
  slowAttempts: {
    unit: 'attempts',
    value: 2,
    source: 'our choice: one slow attempt may be our own pause; in a row where no comparison tells it',
  },
  slowTogether: { unit: 'connections', value: 3, source: COMPARED },
  othersTried: { unit: 'connections', value: 2, source: COMPARED },
  othersSlowAtMost: { unit: 'share', value: 0.25, source: COMPARED },
  lostSynFrom: {
    unit: 'ms',
    value: 950,
    source: 'RFC 6298: a lost SYN is sent again after 1 s: loss, not delay',
  },
  lostSynTo: { unit: 'ms', value: 1200, source: 'that second, and a slow round trip' },
  /** Nothing is sent again; more than `lossFrom` is lost, not late. */
  retransmitted: {
    unit: '%',
    value: 0.5,
    windowMs: 20_000,
    weight: 0.1,
    against: 0.2,
    source: ARRIVES,
  },
  /** Between the two it says little. */
  retransmittedSome: { unit: '%', value: 0.5, weight: 0.02, source: ARRIVES },
  lossFrom: { unit: '%', value: 5, source: 'our choice, as of packet loss: so much is loss by itself' },
  throttled: {
    unit: '%',
    value: 25,
    windowMs: 15_000,
    weight: 0.05,
    against: 0.1,
    source: "cpu.stat: a CPU limit holds the process, not the handshake, which is the kernel's",
  },
  noCpuLimit: NO_CPU_LIMIT,
  /** SELECT 1 that takes between so many times a connection, and so many more ms, waits for the round trip. */
  roundTripLeast: {
    unit: 'times',
    value: 0.5,
    source: 'our choice: SELECT 1 that takes half of a connection waits for the round trip',
  },
  roundTripMost: {
    unit: 'times',
    value: 1.5,
    source: 'our choice: so much and what SELECT 1 itself takes is still the round trip',
  },
  statement: { unit: 'ms', value: 20, source: 'our choice: what SELECT 1 itself may take' },
  slowTarget: slowTarget(
    0.05,
    'Network Failure Scenarios document: HighNetworkLatency, and three times what is usual',
  ),
} as const satisfies Thresholds;
