import type { Thresholds } from '../../source/diagnosis/threshold.js';

export const THRESHOLDS = {
  failedRuns: {
    unit: 'runs',
    value: 2,
    weight: 0.05,
    source:
      'our choice: one failed run may be a restart; one that timed out has waited long enough to count alone',
  },
  failedShare: {
    unit: 'share',
    raise: 0.05,
    clear: 0.01,
    windowMs: 60_000,
    weight: 0.05,
    source: 'the usual alert on a rate of errors: more than 5 % of the requests of a few minutes',
  },
  failedRequests: {
    unit: 'requests',
    value: 3,
    source: 'our choice: two failures with good requests between them may be one restart behind a balancer',
  },
  episodes: {
    unit: 'times',
    value: 2,
    source:
      'our choice: failures with good requests between them; all in a row are one outage, and judged as that',
  },
  lately: {
    unit: 'ms',
    value: 20_000,
    source: 'our choice: ten looks without a failure, where one in twenty or more fails',
  },
  byChance: {
    unit: 'share',
    value: 0.01,
    windowMs: 300_000,
    source: 'our choice: a level of significance of 1 %, as each gap is looked at; so many are 4.6 / share',
  },
  goodRuns: { unit: 'runs', value: 2, source: 'our choice: one good run of a target may be luck' },
  dataWait: {
    unit: 'ms',
    value: 3_000,
    source: 'our choice: a request to a database that waits for longer is held back',
  },
  patience: {
    unit: 'ms',
    value: 10_000,
    source:
      'our choice: what hangs while lookups are sick, or while what is behind was not tried since, gets this long to be named by its cause',
  },
  ownPace: {
    unit: 'ms',
    value: 30_000,
    source: 'RFC 6202, 5.5: a long poll is answered within 30 s; its server answers other requests meanwhile',
  },
  lateLookups: {
    unit: 'ms',
    value: 12_000,
    source: 'resolv.conf(5): two tries of 5 s are one lookup in vain, and room for a late reading',
  },
} as const satisfies Thresholds;
