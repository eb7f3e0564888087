import type { LibcKind } from '../../linux/resolver/candidates.js';
import type { DnsOutcome, DnsStep } from './sample.js';

const DENIALS: readonly DnsOutcome[] = ['NXDOMAIN', 'NODATA'];

export interface Resolution {
  readonly steps: readonly DnsStep[];
  readonly resolved: boolean;
  readonly totalMs: number;
}

/**
 * Walks the candidate names of one lookup as glibc does (resolv/res_query.c, __res_context_search): the first address
 * ends it; NXDOMAIN, no data and SERVFAIL go on to the next suffix; a suffix that nobody answers skips the suffixes
 * left and tries the name as it is; a closed port ends it. musl goes on after a denial only
 * (src/network/lookup_name.c).
 */
export async function resolveSteps(
  candidates: readonly string[],
  name: string,
  ask: (qname: string) => Promise<readonly DnsStep[]>,
  libc: LibcKind = 'glibc',
): Promise<Resolution> {
  const asIs = name.replace(/\.$/, '');
  const steps: DnsStep[] = [];
  let totalMs = 0;
  const left = [...candidates];
  for (let qname = left.shift(); qname !== undefined; qname = left.shift()) {
    const step = await ask(qname);
    steps.push(...step);
    totalMs += Math.max(0, ...step.map(({ ms }) => ms));
    if (step.some(({ addresses }) => addresses.length > 0)) return { steps, resolved: true, totalMs };
    if (step.some(({ outcome }) => outcome === 'refused' || outcome === 'unreachable')) break;
    if (libc === 'musl' && !step.every(({ outcome }) => DENIALS.includes(outcome))) break;
    if (qname !== asIs && step.some(({ outcome }) => outcome === 'timeout'))
      left.splice(0, left.length, ...left.filter((next) => next === asIs));
  }
  return { steps, resolved: false, totalMs };
}
