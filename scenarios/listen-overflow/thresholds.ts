import type { Thresholds } from '../../source/diagnosis/threshold.js';

export const THRESHOLDS = {
  dropped: {
    unit: '/s',
    raise: 1,
    clear: 0.2,
    critical: 5,
    windowMs: 20_000,
    weight: 0.25,
    reads: '1 /s, clears at 0.2 /s, 5 /s is critical',
    source: 'Netdata 1m_tcp_accept_queue_overflows: 1/s, 5/s',
  },
  queue: {
    unit: 'connections',
    weight: 0.2,
    reads: 'more than the backlog it was given',
    source: 'ss(8): full when Recv-Q exceeds Send-Q of a LISTEN socket',
  },
  fillWhileDropping: {
    unit: 'share',
    value: 0.5,
    source: 'our choice: while its network drops connections, a queue that is more than half full is the one',
  },
} as const satisfies Thresholds;
