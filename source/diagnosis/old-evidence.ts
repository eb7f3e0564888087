import type { WeightedEvidence } from './evidence.js';

export { gather, missing, type WeightedEvidence } from './evidence.js';

/** A figure and what it was compared with, before it is said which way it speaks. */
export interface Measured {
  readonly signal: string;
  readonly value: string;
  readonly threshold: string;
  readonly source: string;
}

export const supports = (weight: number, measured: Measured): WeightedEvidence => ({
  ...measured,
  reading: null,
  unit: '',
  weight,
  verdict: 'supports',
});

export const refutes = (weight: number, measured: Measured): WeightedEvidence => ({
  ...measured,
  reading: null,
  unit: '',
  weight,
  verdict: 'refutes',
});
