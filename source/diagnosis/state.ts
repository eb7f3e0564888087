import type { Finding } from '../store/finding.js';
import type { Reach } from './signature.js';

/** What the engine remembers between two looks. Plain data, so that it can be stored and replayed. */

/** One signature that is not inactive. Times are wall-clock milliseconds of the history it was judged on. */
export interface SignatureState {
  readonly phase: 'pending' | 'firing' | 'resolving';
  /** Since when `raise` has held without a break, null while it does not; counts towards the signature's `forMs`. */
  readonly raisedAt: number | null;
  /** Since when `clear` has held, while resolving; counts towards its `keepMs`. */
  readonly clearedAt: number | null;
  /** First symptom, as it was told when the pattern was first seen; never moves afterwards. */
  readonly since: number;
  readonly namedAt: number | null;
  /** How it read when the pattern was last there: while it goes away it keeps its name, and how sure that was. */
  readonly seen: Seen;
  /** Where it was when the pattern was last there: while it goes away, what it caused goes away with it. */
  readonly reach: Reach;
}

export type Seen = Pick<Finding, 'title' | 'target' | 'severity' | 'confidence'>;

export interface DiagnosisState {
  /** By signature id; a signature that is inactive is absent. */
  readonly active: Readonly<Record<string, SignatureState>>;
}

export const NO_DIAGNOSIS: DiagnosisState = { active: {} };
