import { LOSS_BY_COUNTERS } from '../../source/diagnosis/facts/lossy-ends.js';
import { LOSS_ON_LINKS } from '../../source/diagnosis/facts/lossy-links.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { FULL_LISTENER, NEAR_MS, SECOND_TRY, SEVERAL_VISITORS } from '../common-thresholds.js';
import { packetsThresholds } from '../packets-finding.js';

const SENT_AGAIN = 'measured: the percentage sent again is about the percentage lost';

const RETRANSMITTED = {
  unit: '%',
  raise: 1,
  clear: 0.5,
  critical: 5,
  windowMs: 20_000,
  reads: '1 %, 5 % is critical',
  source: SENT_AGAIN,
};

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
  lostBesideOnEdge: { unit: '%', raise: 2, clear: 1, weight: 0.05, source: SENT_AGAIN },
  ...LOSS_ON_LINKS,
  severalVisitors: SEVERAL_VISITORS,
  retransmitted: { ...RETRANSMITTED, weight: 0.2 },
  /** The same of the second and third who resend: it adds little. */
  retransmittedBeside: { ...RETRANSMITTED, weight: 0.05 },
  ...LOSS_BY_COUNTERS,
  lateConnect: { ...SECOND_TRY, windowMs: 60_000, weight: 0.15 },
  connectsAtAll: {
    unit: 'connections',
    weight: 0.05,
    against: 0.3,
    reads: 'some, not none',
    source: 'our choice: what drops everything is a partition',
  },
  listenOverflows: { ...FULL_LISTENER, weight: 0.05, against: 0.15 },
  ...packetsThresholds(0.03, 'intermittent failures'),
  noDelay: NEAR_MS,
} as const satisfies Thresholds;
