import type { Thresholds } from '../../source/diagnosis/threshold.js';

export const THRESHOLDS = {
  refusals: {
    unit: 'handshakes',
    value: 2,
    windowMs: 20_000,
    weight: 0.4,
    source: 'our choice: a server that is just being given a new certificate may fail one',
  },
  daysLeft: {
    unit: 'days',
    raise: 14,
    clear: 15,
    warning: 7,
    weight: 0.4,
    source: 'Netdata x509check: 14 days is a warning, 7 critical',
  },
  shareLeft: {
    unit: 'share',
    raise: 0.2,
    clear: 0.25,
    warning: 0.1,
    source: 'our choice: certificates of days are renewed with a third of their time left (ACME clients)',
  },
} as const satisfies Thresholds;
