import type { Subject } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import type { WeightedEvidence } from '../evidence.js';
import type { Thresholds } from '../threshold.js';

/** One place at which a kind of risk is seen. */
export interface SeenRisk {
  readonly subject: Subject;
  readonly title: string;
  /** At least one row, with its figure and where it was read. */
  readonly evidence: readonly WeightedEvidence[];
  /** What mends it: a sentence, and the command where there is one. */
  readonly mend: { readonly text: string; readonly command?: string };
}

/**
 * A kind of latent risk: data first, as a failure mode is, and a pure function over what the probes measured. It knows
 * no lab, waits for nothing and names no failure: what it sees is well now.
 */
export interface RiskKind {
  readonly id: string;
  readonly thresholds: Thresholds;
  find(history: History): readonly SeenRisk[];
}
