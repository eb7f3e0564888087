import type { ProbeOutcome } from '../../probes/probe.js';
import type { HttpSample, InsideDnsSample } from '../../probes/samples.js';

/** What failed within this time (ms) after another failure belongs to the same trouble. */
const SAME_TROUBLE_MS = 20_000;

/** Whether this is a target that fails. */
export const isFailing = (outcome: ProbeOutcome): boolean =>
  outcome.ok && outcome.id.startsWith('http:') && !(outcome.sample as HttpSample).ok;

/** Whether these are lookups of a container of which one is given no address, and that not because it is denied. */
export const isFailingLookup = (outcome: ProbeOutcome): boolean =>
  outcome.ok &&
  outcome.id.startsWith('dns:') &&
  (outcome.sample as InsideDnsSample).names.some(
    ({ resolved, steps }) =>
      !resolved && steps.some(({ outcome: end }) => end !== 'NXDOMAIN' && end !== 'NODATA'),
  );

/**
 * Tells when trouble begins, as a rule for those whom a target serves: what may say more is then looked at without waiting
 * for its turn, once, so that a look costs no more than it would a little later.
 */
export class Onset {
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly isTrouble: (outcome: ProbeOutcome) => boolean = isFailing) {}

  /** Whether this outcome is the first failure after a while without one. */
  isBegunBy(outcome: ProbeOutcome): boolean {
    if (!this.isTrouble(outcome)) return false;
    const begins = outcome.at - this.last > SAME_TROUBLE_MS;
    this.last = outcome.at;
    return begins;
  }
}
