import type { FamilyId, SampleOf, SourceId } from '../probes/registry.js';
import type { Point } from './series.js';

/** One value with its age; `stale` once its probe has failed or is overdue. */
export interface Latest<Sample> {
  /** Wall-clock milliseconds of the sample. */
  readonly at: number;
  readonly sample: Sample;
  readonly stale: boolean;
}

/** What is kept of a source: its newest sample, or one for each member of its family. */
type Kept<Id extends SourceId> = Id extends FamilyId
  ? Readonly<Record<string, Latest<SampleOf<Id>>>>
  : Latest<SampleOf<Id>>;

/** The newest sample of each source, by its name in the registry. A source that never answered is absent. */
export type LatestSamples = { readonly [Id in SourceId]?: Kept<Id> } & {
  /** By target. */
  readonly http: Kept<'http'>;
};

/**
 * All the diagnosis ever sees: what probes measured, and when. It does not hold which scenario runs, and a
 * recording of it replays to the same findings.
 */
export interface History {
  /** Wall-clock milliseconds of this look. */
  readonly now: number;
  readonly latest: LatestSamples;
  /** Values of a signal not older than `ms`, oldest first; empty when the signal is unknown. NaN marks a failed read. */
  window(signal: string, ms: number): readonly Point[];
  /** Calls back for what `window` would tell, oldest first, without a list. */
  each(signal: string, ms: number, onValue: (value: number, at: number) => void): void;
  /** The newest value of a signal that was read and is not older than `ms`: what `window` would tell, without a list. */
  newest(signal: string, ms: number): Point | undefined;
  /** Names of all signals. */
  signals(): readonly string[];
}
