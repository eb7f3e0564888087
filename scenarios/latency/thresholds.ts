import { ONE_DELAY } from '../../source/diagnosis/facts/slow-ends.js';
import { LATE_LINKS } from '../../source/diagnosis/facts/slow-links.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { NEAR_MS } from '../common-thresholds.js';
import { packetsThresholds } from '../packets-finding.js';

const ARRIVES = 'a delayed packet arrives: nothing is sent again';

/** Every figure that a delay is judged by. */
export const THRESHOLDS = {
  /** The least round trip of each connection, as its kernel measured it. */
  nearRoundTrip: {
    unit: 'ms',
    raise: 20,
    clear: 10,
    weight: 0.35,
    reads: '20 ms on one machine or wire, clears at 10 ms',
    source: `${NEAR_MS.source}; twice that, so that a busy machine is none`,
  },
  nearQueue: {
    unit: 'ms',
    value: 250,
    weight: 0.3,
    source: 'RFC 1122: an acknowledgement may be held back 200 ms on Linux; more is a queue',
  },
  ...LATE_LINKS,
  slowConnect: { ...NEAR_MS, weight: 0.2, source: `${NEAR_MS.source}; and five times its own best` },
  ...ONE_DELAY,
  spread: { ...ONE_DELAY.spread, weight: 0.1 },
  quickElsewhere: { ...NEAR_MS, weight: 0.1 },
  /** Nothing is sent again; more than `lossFrom` is lost, not late. */
  retransmitted: { unit: '%', value: 0.5, windowMs: 20_000, weight: 0.1, against: 0.2, source: ARRIVES },
  /** Between the two it says little. */
  retransmittedSome: { unit: '%', value: 0.5, windowMs: 20_000, weight: 0.02, source: ARRIVES },
  lossFrom: { unit: '%', value: 5, source: 'our choice, as of packet loss: so much is loss by itself' },
  throttled: {
    unit: '%',
    value: 25,
    windowMs: 15_000,
    weight: 0.05,
    against: 0.1,
    source: "cpu.stat: a CPU limit holds the process, not the handshake, which is the kernel's",
  },
  ...packetsThresholds(0.05, 'HighNetworkLatency'),
} as const satisfies Thresholds;
