import type { Evidence } from '../store/finding.js';
import type { Threshold } from './threshold.js';

/** A row as a mode makes it; the engine adds when it was measured. */
export type WeightedEvidence = Omit<Evidence, 'at'> & {
  /** What it moves the score, 0 to 1. */
  readonly weight: number;
  /** Wall-clock ms of the measurement, where the signal's own newest reading is not it. */
  readonly at?: number | null;
};

/** What was measured, before it is said which way it speaks. */
export interface Measured {
  readonly signal: string;
  /** The figure, in the threshold's unit; absent where what was measured is no number. */
  readonly reading?: number | undefined;
  /** How a person reads it, with its unit. */
  readonly value: string;
  /** The bound as it reads here; absent: as the threshold says. */
  readonly threshold?: string;
  readonly at?: number | null;
  /** What it moves the score, where that is not the threshold's own weight (the second of several rows). */
  readonly weight?: number;
}

const row = (
  verdict: Evidence['verdict'],
  against: Threshold,
  weight: number,
  measured: Measured,
): WeightedEvidence => ({
  signal: measured.signal,
  value: measured.value,
  reading: measured.reading !== undefined && Number.isFinite(measured.reading) ? measured.reading : null,
  unit: against.unit,
  threshold: measured.threshold ?? boundText(against),
  source: against.source,
  verdict,
  weight: measured.weight ?? weight,
  ...(measured.at === undefined ? {} : { at: measured.at }),
});

/** A figure that speaks for the finding; the threshold's `weight` is what it adds to the score. */
export const supports = (against: Threshold, measured: Measured): WeightedEvidence =>
  row('supports', against, against.weight ?? 0, measured);

/** A figure that speaks against it; the threshold's `against` (or else `weight`) is what it takes away. */
export const refutes = (against: Threshold, measured: Measured): WeightedEvidence =>
  row('refutes', against, against.against ?? against.weight ?? 0, measured);

/** A figure that speaks for the finding or against it. */
export const weigh = (isFor: boolean, against: Threshold, measured: Measured): WeightedEvidence =>
  (isFor ? supports : refutes)(against, measured);

/** A figure that would help and could not be read; printed, never taken for healthy or sick. */
export const missing = (signal: string, why: string, wanted: string): WeightedEvidence => ({
  signal,
  value: why,
  reading: null,
  unit: '',
  threshold: wanted,
  source: 'not read',
  verdict: 'missing',
  weight: 0,
});

/** Those that exist: of rows of evidence, or of rivals. */
export const gather = <One>(...all: readonly (One | undefined | false)[]): One[] =>
  all.filter((one): one is One => one !== undefined && one !== false);

/** A threshold as a row prints it: `1 %, clears at 0.5 %`, `20 lookups`. */
export function boundText(one: Threshold): string {
  if (one.reads !== undefined) return one.reads;
  const { raise, clear, value } = one;
  if (raise !== undefined && clear !== undefined)
    return `${withUnit(raise, one.unit)}, clears at ${withUnit(clear, one.unit)}`;
  return value === undefined ? '' : withUnit(value, one.unit);
}

/** A number with its unit for a person: a share as percent, everything else as it stands. */
export function withUnit(value: number, unit: string): string {
  if (unit === 'share') return `${Number((100 * value).toFixed(1))} %`;
  return unit === '' ? String(value) : `${value} ${unit}`;
}
