/** Connectivity. Times are milliseconds. */

import type { InsideMeans, InsideSource } from '../inside/sample.js';
import type { ConnectOutcome } from './connect-outcome.js';
import type { EdgeReason } from './edges/reason.js';

export interface MatrixTarget {
  readonly name: string;
  /** An address: a name would have to be looked up inside the source, which is the work of DNS resolution. */
  readonly address: string;
  readonly port: number;
}

export interface MatrixCell {
  readonly source: string;
  readonly target: string;
  readonly outcome: ConnectOutcome;
  /** As the kernel names it: `ECONNREFUSED`; null when it connected or was not tried. */
  readonly errno: string | null;
  /** Milliseconds until it ended; null when it was not tried. */
  readonly ms: number | null;
  /** For a person. */
  readonly meaning: string;
  /** True where its own connections tell it and nobody knocked: `ms` is a round trip of theirs. */
  readonly shown?: true;
  /** True where it was not asked in this round: it connected in one of the two before, and nobody is known to need it. */
  readonly rests?: true;
  /** Why the source should reach the target; absent where every pair is tried. */
  readonly because?: EdgeReason;
}

export interface MatrixSample {
  /** How each source was entered, or why not. */
  readonly sources: readonly (InsideSource & { readonly means: InsideMeans })[];
  readonly targets: readonly MatrixTarget[];
  /** What was to be tried, source by source. */
  readonly cells: readonly MatrixCell[];
  readonly missing: readonly string[];
}
