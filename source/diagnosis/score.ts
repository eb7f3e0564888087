import type { Evidence, Verdict } from '../store/finding.js';

/** Never certain, never nothing: a rule is a rule, not a proof. */
const LEAST = 0.05;
const MOST = 0.99;
/** What evidence that could not be read takes away: unknown is neither healthy nor sick, but it is not proof. */
const PER_MISSING = 0.1;

/** From which score a finding is called confirmed, and from which likely. Our choice, until it has been measured. */
export const VERDICTS = { confirmed: 0.8, likely: 0.45 } as const;

/**
 * Score of a candidate, 0.05 to 0.99 in steps of 0.01: its base, plus what supports it, less what speaks against it,
 * less 0.1 for each figure that could not be read.
 */
export function scoreOf(
  base: number,
  evidence: readonly (Pick<Evidence, 'verdict'> & { readonly weight: number })[],
): number {
  let sum = base;
  for (const { verdict, weight } of evidence) {
    if (verdict === 'supports') sum += weight;
    else if (verdict === 'refutes') sum -= weight;
    else sum -= PER_MISSING;
  }
  if (Number.isNaN(sum)) return LEAST;
  return Math.round(Math.min(MOST, Math.max(LEAST, sum)) * 100) / 100;
}

/** How far a score can be relied on. */
export const verdictOf = (score: number): Verdict =>
  score >= VERDICTS.confirmed ? 'confirmed' : score >= VERDICTS.likely ? 'likely' : 'cannot tell';
