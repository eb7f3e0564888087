import { DATABASE_FAST_MS } from '../../source/diagnosis/facts/database.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { duration } from '../../source/terminal/format.js';

/** Every figure that a frozen service is judged by. */
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
  notAccepted: {
    unit: 'connections',
    value: 1,
    weight: 0.1,
    reads: '0',
    source: 'ss(8): Recv-Q of a LISTEN socket counts connections nobody accepted',
  },
  /** Trouble with lookups keeps this from being named: longer than the HTTP probe's own wait. */
  lookupsInTime: {
    unit: 'ms',
    windowMs: 12_000,
    weight: 0.06,
    against: 0.25,
    reads: '1 s, none late',
    source: 'a slow resolver makes its clients look frozen',
  },
  databaseAnswers: {
    unit: 'ms',
    value: DATABASE_FAST_MS,
    weight: 0.06,
    against: 0.25,
    reads: `${duration(DATABASE_FAST_MS)}, 80 % of connections`,
    source: 'Coroot PostgresLatency; Netdata postgres connections',
  },
  triedBehindWithin: {
    unit: 'ms',
    value: 20_000,
    source: 'our choice: so long may connections and lookups of containers behind it take to be tried again',
  },
} as const satisfies Thresholds;
