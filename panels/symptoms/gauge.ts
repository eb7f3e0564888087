import type { Point } from '../../source/store/series.js';
import type { FaultlineState } from '../../source/store/state.js';
import type { Level } from '../widgets/levels.js';

/** What a gauge says of one value. */
export interface Verdict {
  readonly level: Level;
  /** The word beside the symbol: "below 95 %". */
  readonly word: string;
  /** Said after the word where there is room. */
  readonly detail?: string;
}

/** One symptom: where its figure comes from, how it is written and judged. */
export interface Gauge {
  readonly id: string;
  readonly title: string;
  /** Signal in the series book. */
  readonly signal: string;
  /** Its points, where they are not in the series book. */
  readonly pointsOf?: (state: FaultlineState) => readonly Point[];
  /** Whether the probe of this id feeds it. */
  readonly probe: (id: string) => boolean;
  /** False where there is nothing of the kind to measure: the row is left out. */
  readonly applies: (state: FaultlineState) => boolean;
  readonly format: (value: number, state: FaultlineState) => string;
  readonly judge: (value: number, state: FaultlineState) => Verdict;
  /** "95 %", for the panel opened alone, with where it comes from. */
  readonly threshold: string;
  readonly source: string;
  readonly worst: 'high' | 'low';
  /** Value of a full column. */
  readonly full: number;
}

/** A gauge as it stands now. */
export interface Reading {
  readonly gauge: Gauge;
  readonly points: readonly Point[];
  readonly value: string;
  readonly level: Level;
  readonly word: string;
  readonly detail?: string;
  /** No reading has come yet, and none has failed: that is no finding. */
  readonly waiting: boolean;
  /** The value is the last that was read, and is no longer renewed. */
  readonly stale: boolean;
}
