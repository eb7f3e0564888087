import type { Evidence } from '../store/finding.js';

export type WeightedEvidence = Evidence & { readonly weight: number };

/** A figure and what it was compared with, before it is said which way it speaks. */
export interface Measured {
  readonly signal: string;
  /** With its unit. */
  readonly value: string;
  readonly threshold: string;
  /** Where the threshold comes from. */
  readonly source: string;
}

/** A figure that speaks for the finding; `weight` (0 to 1) is what it adds to the confidence. */
export const supports = (weight: number, measured: Measured): WeightedEvidence => ({
  ...measured,
  weight,
  verdict: 'supports',
});

/** A figure that speaks against it. */
export const refutes = (weight: number, measured: Measured): WeightedEvidence => ({
  ...measured,
  weight,
  verdict: 'refutes',
});

/** A figure that would help and could not be read; printed, never taken for healthy or sick. */
export const missing = (signal: string, why: string, wanted: string): WeightedEvidence => ({
  signal,
  value: why,
  threshold: wanted,
  source: 'not read',
  verdict: 'missing',
  weight: 0,
});

/** The rows that exist. */
export const gather = (...rows: readonly (WeightedEvidence | undefined)[]): WeightedEvidence[] =>
  rows.filter((row) => row !== undefined);
