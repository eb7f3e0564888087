import type { Assessment } from './signature.js';

/** Never certain, never nothing: a rule is a rule, not a proof. */
const LEAST = 0.05;
const MOST = 0.99;
/** What evidence that could not be read takes away: unknown is neither healthy nor sick, but it is not proof. */
const PER_MISSING = 0.1;

/**
 * Confidence of an assessment, 0.05 to 0.99 in steps of 0.01: its base, plus what supports it, less what speaks
 * against it, less 0.1 for each figure that could not be read.
 */
export function confidenceOf(assessment: Pick<Assessment, 'base' | 'evidence'>): number {
  let sum = assessment.base;
  for (const evidence of assessment.evidence) {
    if (evidence.verdict === 'supports') sum += evidence.weight;
    else if (evidence.verdict === 'refutes') sum -= evidence.weight;
    else sum -= PER_MISSING;
  }
  if (Number.isNaN(sum)) return LEAST;
  return Math.round(Math.min(MOST, Math.max(LEAST, sum)) * 100) / 100;
}
