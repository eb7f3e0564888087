/** What the rest of the program must know of a source: its title, its series, when its sample is old. */

import type { Probe } from './probe.js';
import type { ProbeSession } from './session.js';

/** One figure of a signal: `['http.ms{GET /todos}', 12]`. NaN is a figure that could not be read. */
export type SeriesPoint = readonly [signal: string, value: number];

/** What a series may ask for besides its own sample. */
export interface SeriesContext<Sample> {
  /**
   * Per second since the counter's reading before of the same `of` (a namespace, a life); NaN when it cannot be told.
   * Each counter is told once a sample.
   */
  perSecond(counter: string, value: number | null, of?: string): number;
  /** The newest samples of all members of the source's family that are not stale, this one's among them. */
  readonly family: readonly Sample[];
}

/** Shares are taken over this long (ms): short enough to show a change, long enough for ten runs. */
export const SHARE_WINDOW_MS = 20_000;

/** Values of a signal not older than `ms`, NaN among them; undefined for a signal that never had one. */
export type WindowValues = (signal: string, ms: number) => readonly number[] | undefined;

/** Options of the command line that say what a source reads. */
export type SettingName = 'target' | 'name' | 'database' | 'redis' | 'edge' | 'on';

/** A source that one probe reads. */
export interface Source<Sample> {
  /** What a person calls it. */
  readonly title: string;
  /** Where it is read from, in the field's own words. */
  readonly reads: string;
  /** When its sample is stale (ms) where the probe itself is not there to say: in a recording. */
  readonly overdueMs: number;
  /** Options that say what is read, where it is not the host: one of them must be given. */
  readonly asks?: readonly SettingName[];
  /** Options that say more of what is read, and may be left out. */
  readonly takes?: readonly SettingName[];
  /** It tells only of what happens while it is read: one sample alone takes some time. */
  readonly listens?: true;
  /** What one sample alone does not tell: what takes two, or time. */
  readonly oneSampleLacks?: string;
  /** Its probes in a session; absent where they come and go with the containers that they look into. */
  probes?(session: ProbeSession): readonly Probe<Sample>[];
  /** The figures of one sample that become series. */
  series?(sample: Sample, context: SeriesContext<Sample>): Iterable<SeriesPoint>;
  /** Figures over a window, taken once a tick. */
  windows?(values: WindowValues): Iterable<SeriesPoint>;
  /** What its series get when a run failed; nothing where this is absent. */
  readonly whenFailed?: readonly SeriesPoint[];
}

/** A source that several probes read, one for each target or container. */
export interface Family<Sample> extends Source<Sample> {
  /** Their ids are `<kind>:<name>`. */
  readonly kind: string;
  /** What a person calls one of them. */
  titleOf(name: string): string;
  /** A stale sample is let go this long (ms) after it was taken; null for never. */
  readonly forgottenMs: number | null;
}

/** Sources by the name under which the newest samples are kept. */
export type Registry = Readonly<Record<string, Source<unknown> | Family<unknown>>>;

/** A figure that may be unknown, as series have it. */
export const orNaN = (value: number | null | undefined): number => value ?? Number.NaN;
