import { DATABASE_ROOM } from '../../source/diagnosis/facts/database.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { failingTargets } from '../common-thresholds.js';

const TOO_MANY =
  'PostgreSQL error 53300 too_many_connections; MySQL 1040, Redis and PgBouncer in their own words';

/** Every figure that a full database is judged by. */
export const THRESHOLDS = {
  slotsUsed: {
    unit: 'share',
    raise: 0.9,
    clear: DATABASE_ROOM,
    weight: 0.2,
    against: 0.3,
    reads: '90 %',
    source: 'Netdata postgres connections: above 90 %, clears at 80 %',
  },
  /** What its own processes and configuration show, where it is not asked as far as that. */
  everySlot: {
    unit: 'share',
    value: 1,
    weight: 0.25,
    source:
      'max_connections less superuser_reserved_connections (PostgreSQL manual, 20.3); max_connections (MySQL)',
  },
  openFiles: {
    unit: 'share',
    value: 0.8,
    weight: 0.25,
    source:
      'accept(2): EMFILE; RabbitMQ takes 90 % of what is left above 100 for its clients, MongoDB 80 % of its limit',
  },
  turnedAway: { unit: '', weight: 0.3, reads: 'an ordinary client gets in', source: TOO_MANY },
  largestHolder: {
    unit: 'share',
    value: 0.5,
    weight: 0.05,
    source: 'our choice: who holds half of the slots is who to ask',
  },
  failingTargets: failingTargets(0.04),
  logLines: { unit: 'lines', weight: 0.05, source: TOO_MANY },
  /** Lines in which a server's own words are quoted are as good as hearing them. */
  quotedLines: { unit: 'lines', weight: 0.25, source: TOO_MANY },
} as const satisfies Thresholds;
