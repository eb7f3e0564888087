/**
 * One figure that a mode is judged by, with where it comes from: all that a person needs to dispute it. Every number
 * is in `unit`, but for those whose name says another (`windowMs`, `weight`).
 */
export interface Threshold {
  /** `ms`, `%`, `share` (0 to 1), `/s`, `connections`, `runs` …; empty where it is compared by words. */
  readonly unit: string;
  /** Where it comes from: a kernel document, an RFC, a peer's default, a measurement, or "our choice" and why. */
  readonly source: string;
  /** Sick beyond `raise`, well again beyond `clear`: a pair, so that a figure between the two changes nothing. */
  readonly raise?: number;
  readonly clear?: number;
  /** Where it becomes a warning, and where critical. */
  readonly warning?: number;
  readonly critical?: number;
  /** A single bound, where there is nothing to clear: readings that are needed, a floor, a ratio. */
  readonly value?: number;
  /** The time over which the figure is taken (ms). */
  readonly windowMs?: number;
  /** What a row of evidence adds to the score when it supports (0 to 1), and takes away when it refutes. */
  readonly weight?: number;
  readonly against?: number;
  /** The bound as a row of evidence prints it; absent: made from the numbers. */
  readonly reads?: string;
}

export type Thresholds = Readonly<Record<string, Threshold>>;
