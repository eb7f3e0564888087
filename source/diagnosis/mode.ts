import type { Fix, Severity, Subject, SubjectKind } from '../store/finding.js';
import type { History, LatestSamples } from '../store/history.js';
import type { WeightedEvidence } from './evidence.js';
import type { Thresholds } from './threshold.js';

/** A source of samples, as the history holds its newest one. */
export type Input = keyof LatestSamples;

/** What a candidate is not, and the figure of its own case that says so. */
export interface Rival {
  /** Id of the mode that it only looks like. */
  readonly id: string;
  /** What a person calls it here; absent: what its mode is called. */
  readonly title?: string;
  readonly because: string;
  /** Wall-clock ms of the reading that says so; absent where it is of the trouble itself. */
  readonly at?: number;
}

/** What a mode says of one subject in one look at the history. */
export interface Candidate {
  readonly subject: Subject;
  /** Who is sick, and towards whom, for a person. */
  readonly target: string;
  /** True when the pattern is there: the raise condition, stricter than `clear`. */
  readonly raise: boolean;
  /**
   * True when the pattern is gone: with `raise` a pair with hysteresis, never one threshold. Absent: it is not, and is
   * gone once its subject is no candidate any more.
   */
  readonly clear?: boolean;
  /** Readings that stand behind it, where fewer than the mode's `minSamples` would be too few; absent: enough. */
  readonly samples?: number;
  readonly title: string;
  readonly severity: Severity;
  /** Score before the evidence is weighed, 0 to 1; absent: the mode's own. */
  readonly base?: number;
  readonly evidence: readonly WeightedEvidence[];
  /** What it only looks like and is cleared by figures of this very case; the mode's `rivals` come after these. */
  readonly ruledOut?: readonly Rival[];
  readonly fix: readonly Fix[];
  readonly explanation: readonly string[];
  /** Wall-clock ms of the first symptom that belongs to it, or null when unknown. */
  readonly since: number | null;
  /**
   * Places (diagnosis/places.ts) whose symptoms it can cause: its blast radius. Absent: its own subject alone. Empty:
   * none, as of a limit that nobody feels yet.
   */
  readonly radius?: readonly string[];
  /** Places at which it shows, all of which a cause has to reach to explain it; absent: its subject. */
  readonly seenAt?: readonly string[];
  /** True when its cause is seen in itself (a frozen process): nothing else needs to explain it. */
  readonly inherent?: boolean;
}

/**
 * One failure mode as the diagnosis knows it: data first, code only to find the places. Pure: the same history gives
 * the same candidates, and it sees nothing but what probes measured.
 */
export interface Mode {
  readonly id: string;
  /** Names it had before, understood wherever an id is. */
  readonly aliases?: readonly string[];
  /** What a person calls it where it is ruled out: "the database". */
  readonly called: string;
  readonly scope: SubjectKind;
  /** True of what is only how trouble shows: of two that are as grave the cause stands first. */
  readonly symptom?: boolean;
  /** Sources without which it cannot be judged; of a group within brackets one is enough. */
  readonly inputs: readonly (Input | readonly Input[])[];
  /** Milliseconds that `raise` must hold before it fires, and `clear` before it is dropped. */
  readonly forMs: number;
  readonly keepMs: number;
  /** Readings that a candidate needs to be raised. */
  readonly minSamples: number;
  /** Score before the evidence is weighed, 0 to 1. */
  readonly base: number;
  readonly thresholds: Thresholds;
  /** Ids of modes whose symptoms it can cause, within its blast radius. */
  readonly explains: readonly string[];
  /** Ids of modes that can cause this one, within theirs: for a mode that its causes do not know. */
  readonly followsFrom?: readonly string[];
  /** True for what is left to say of a place where something looks sick: told only while nothing else is found there. */
  readonly remainder?: true;
  /** Ids of modes that it is taken for, in the order in which what clears them is told. */
  readonly rivals: readonly string[];
  /** A candidate for each place at which the pattern is seen, or was and is not gone yet. */
  detect(history: History): readonly Candidate[];
  /**
   * The figure that says it is not this: "SELECT 1 in 2 ms, 1 of 100 connections". Undefined when none was measured. Asked
   * of what was read since the trouble began, too.
   */
  clears(history: History): string | undefined;
  /** Whether what was named of a subject that is no candidate now may still be so; absent: it is gone. */
  persists?(history: History, subject: Subject): boolean;
}
