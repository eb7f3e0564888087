import type { Evidence, Fix, Subject } from './finding.js';

/**
 * What is well now and will fail one day by itself: a setting or a limit, seen where it is. Always at severity notice:
 * it is no finding, is counted by no verdict and no exit code.
 */
export interface Risk {
  /** Unique among the risks of one look: `no-memory-limit@workload:db`. */
  readonly key: string;
  /** Kind of risk. */
  readonly id: string;
  readonly subject: Subject;
  /** One sentence: what, and where. */
  readonly title: string;
  /** What was measured, against what; each supports it. */
  readonly evidence: readonly Evidence[];
  /** The lines that mend it, all of them for later. */
  readonly fix: readonly Fix[];
}
