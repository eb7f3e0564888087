import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { lostAtLeast, NO_CPU_LIMIT, SEVERAL_VISITORS, slowTarget } from '../common-thresholds.js';

const SENT_AGAIN = 'measured: the percentage sent again is about the percentage lost';

/** Every figure that packet loss is judged by. */
export const THRESHOLDS = {
  /** Of one edge: data segments, openings and ends of connections that needed a second try, of those sent. */
  lostOnEdge: {
    unit: '%',
    raise: 2,
    clear: 1,
    critical: 5,
    windowMs: 20_000,
    weight: 0.4,
    reads: '2 %, 5 % is critical',
    source:
      'our choice: what the peer had already (RFC 2883, DSACK) is left out, and with it what a busy machine sends again for nothing',
  },
  /** Of one edge whose other end nobody here reads: data segments that came behind a gap, of those received. */
  outOfOrder: {
    unit: '%',
    raise: 5,
    clear: 2.5,
    critical: 25,
    windowMs: 20_000,
    weight: 0.3,
    reads: '5 %, 25 % is critical',
    source:
      'our choice: each segment that is lost puts what was sent behind it out of order (RFC 9293, 3.10.7.4), several for one; on one wire nothing overtakes',
  },
  outOfOrderFar: {
    unit: '%',
    raise: 20,
    clear: 10,
    source: 'our choice: a long way loses some at any time, and may send on two ways',
  },
  leastOutOfOrder: { unit: 'segments', value: 10, source: 'our choice: one gap has several behind it' },
  leastGapLooks: { unit: 'looks', value: 3, source: 'our choice: two gaps may be one stall' },
  lostBesideOnEdge: { unit: '%', raise: 2, clear: 1, weight: 0.05, source: SENT_AGAIN },
  leastLost: lostAtLeast('packets'),
  leastLooks: { unit: 'looks', value: 2, source: 'our choice: one stall is no loss' },
  manyLost: { unit: 'packets', value: 10, source: 'our choice: so many in one look are no stall' },
  leastLostOnLoopback: {
    unit: 'packets',
    value: 20,
    source: 'our choice: a loopback has no wire; only a rule of this host loses what goes there',
  },
  severalVisitors: SEVERAL_VISITORS,
  retransmitted: {
    unit: '%',
    raise: 1,
    clear: 0.5,
    critical: 5,
    windowMs: 20_000,
    weight: 0.2,
    reads: '1 %, 5 % is critical',
    source: SENT_AGAIN,
  },
  /** The same of the second and third who resend: it adds little. */
  retransmittedBeside: {
    unit: '%',
    raise: 1,
    clear: 0.5,
    weight: 0.05,
    reads: '1 %, 5 % is critical',
    source: SENT_AGAIN,
  },
  leastSegments: { unit: 'segments', value: 100, source: 'fewer segments give no percentage' },
  /** So much is loss by itself; less only beside connections that lost their first packet, in more than one round. */
  lossByItself: {
    unit: '%',
    raise: 5,
    clear: 2.5,
    source: 'measured: a machine that is short of CPU sends 1 to 2 % again, too (load 17 on 2 cores)',
  },
  lateConnectRounds: {
    unit: 'rounds',
    value: 2,
    windowMs: 20_000,
    source: 'our choice: one round of slow connects may be one stall; well again after 20 s without any',
  },
  /** It goes on: in so large a share of the readings of this time, and in two at least. */
  shareOfReadings: {
    unit: 'share',
    value: 0.5,
    windowMs: 11_000,
    source: 'our choice: one stall of a busy machine is no loss',
  },
  leastReadings: {
    unit: 'readings',
    value: 2,
    source: 'our choice: with `shareOfReadings`, two readings at least',
  },
  leastDataSegments: {
    unit: 'segments',
    value: 5,
    source: 'TcpExt.TCPSynRetrans apart: a SYN is sent again to a full queue, too',
  },
  lateConnect: {
    unit: 'ms',
    value: 900,
    windowMs: 60_000,
    weight: 0.15,
    source: 'RFC 6298: a lost SYN is sent again after 1 s; connects take 1.0 s, not 0.2 s',
  },
  connectsAtAll: {
    unit: 'connections',
    weight: 0.05,
    against: 0.3,
    reads: 'some, not none',
    source: 'our choice: what drops everything is a partition',
  },
  listenOverflows: {
    unit: 'connections',
    value: 1,
    weight: 0.05,
    against: 0.15,
    reads: '0',
    source: 'TcpExt.ListenOverflows: a full listener drops a SYN as well',
  },
  slowTarget: slowTarget(
    0.03,
    'Network Failure Scenarios document: intermittent failures, and three times what is usual',
  ),
  noDelay: { unit: 'ms', value: 10, source: 'Coroot NetworkRTT: 10 ms within a cluster' },
  noCpuLimit: NO_CPU_LIMIT,
} as const satisfies Thresholds;
