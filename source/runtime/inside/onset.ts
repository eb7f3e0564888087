import type { ProbeOutcome } from '../../probes/probe.js';
import type { HttpSample } from '../../probes/samples.js';

/** What failed within this time (ms) after another failure belongs to the same trouble. */
const SAME_TROUBLE_MS = 20_000;

/** Whether this is a target that fails. */
export const isFailing = (outcome: ProbeOutcome): boolean =>
  outcome.ok && outcome.id.startsWith('http:') && !(outcome.sample as HttpSample).ok;

/**
 * Tells when trouble begins for those whom a target serves: what stands behind it is then looked at without waiting
 * for its turn, once, so that a look costs no more than it would a little later.
 */
export class Onset {
  private last = Number.NEGATIVE_INFINITY;

  /** Whether this outcome is the first failure after a while without one. */
  isBegunBy(outcome: ProbeOutcome): boolean {
    if (!isFailing(outcome)) return false;
    const begins = outcome.at - this.last > SAME_TROUBLE_MS;
    this.last = outcome.at;
    return begins;
  }
}
