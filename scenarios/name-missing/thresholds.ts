import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { failingTargets, QUICK_ANSWER } from '../common-thresholds.js';

const RCODE = 'RFC 1035 4.1.1: RCODE 3, the name does not exist; RFC 2308: NODATA';

/** Every figure that a missing name is judged by. */
export const THRESHOLDS = {
  /** A zone is swapped within one. */
  deniedRuns: { unit: 'runs', value: 2, source: RCODE },
  /** A resolver that says no at once is healthy. */
  quickDenial: { unit: 'ms', weight: 0.3, reads: 'an address', source: RCODE },
  /** One that says no late, or after others, says less. */
  lateDenial: { unit: 'ms', weight: 0.15, reads: 'an address', source: RCODE },
  healthyResolver: QUICK_ANSWER,
  validBefore: {
    unit: 'ms',
    weight: 0.15,
    reads: 'valid before',
    source: "Coroot DnsNxdomainErrors: 'for previously valid requests'",
  },
  failingTarget: failingTargets(0.05),
  logged: {
    unit: 'lines',
    weight: 0.08,
    against: 0.05,
    reads: 'none',
    source: 'getaddrinfo(3): EAI_NONAME, ENOTFOUND; EAI_AGAIN would be a resolver that does not answer',
  },
  /** Where no lookup is watched: what a target says of its own name. */
  targetWithoutName: { unit: 'runs', weight: 0.2, reads: 'an address', source: RCODE },
  targetBase: { unit: 'share', value: 0.35, source: 'our choice: nobody says which resolver denies it' },
} as const satisfies Thresholds;
