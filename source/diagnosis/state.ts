import type { Finding, Subject } from '../store/finding.js';

/** What the engine remembers between two looks. Plain data, so that it can be stored and replayed. */

/** What one mode says of one subject, while that is not inactive. Times are wall-clock ms of the history judged. */
export interface SubjectState {
  readonly id: string;
  readonly subject: Subject;
  readonly phase: 'pending' | 'firing' | 'resolving';
  /** Since when `raise` has held without a break, null while it does not; counts towards the mode's `forMs`. */
  readonly raisedAt: number | null;
  /** Since when `clear` has held, while resolving; counts towards its `keepMs`. */
  readonly clearedAt: number | null;
  /** First symptom, as it was told when the pattern was first seen; never moves afterwards. */
  readonly since: number;
  readonly namedAt: number | null;
  /** How it read when the pattern was last there: while it goes away it keeps its name, and how sure that was. */
  readonly seen: Seen;
  /** Where it was when the pattern was last there: while it goes away, what it caused goes away with it. */
  readonly extent: Extent;
}

export type Seen = Pick<Finding, 'title' | 'target' | 'severity' | 'score'>;

/** Places that a finding can cause symptoms at, and those at which it shows. */
export interface Extent {
  readonly radius: readonly string[];
  readonly seenAt: readonly string[];
  readonly inherent: boolean;
}

export interface DiagnosisState {
  /** By the finding's key; what is inactive is absent. */
  readonly active: Readonly<Record<string, SubjectState>>;
}

export const NO_DIAGNOSIS: DiagnosisState = { active: {} };
