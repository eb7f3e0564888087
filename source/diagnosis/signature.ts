import type { Fix, RuledOut, Severity } from '../store/finding.js';
import type { History } from '../store/history.js';
import type { WeightedEvidence } from './evidence.js';

/** What a signature says of one look at the history. */
export interface Assessment {
  /** Who is sick, and towards whom. */
  readonly target: string;
  /** True when the pattern is there: the raise condition, stricter than `clear`. */
  readonly raise: boolean;
  /** True when the pattern is gone: with `raise` a pair with hysteresis, never one threshold. */
  readonly clear: boolean;
  readonly title: string;
  readonly severity: Severity;
  /** Confidence before the evidence is weighed, 0 to 1. */
  readonly base: number;
  readonly evidence: readonly WeightedEvidence[];
  readonly ruledOut: readonly RuledOut[];
  readonly fix: readonly Fix[];
  readonly story: readonly string[];
  /** Wall-clock ms of the first symptom that belongs to it, or null when unknown. */
  readonly since: number | null;
  /** Where it reaches and is seen, so that it neither explains nor is explained by what goes on elsewhere. */
  readonly reach?: Reach;
}

/** Places (`placeOf` of an address) that tie a cause to its symptoms. What is absent is not known to be narrower. */
export interface Reach {
  /** Places whose failures this one can cause; absent: any that stand behind it. */
  readonly reaches?: readonly string[];
  /** Places at which it shows; absent: nowhere in particular. */
  readonly seenAt?: readonly string[];
  /** True when, as it stands, it causes nothing: a limit that nobody feels yet. */
  readonly idle?: boolean;
  /** True when its cause is seen in itself (a frozen process): nothing else needs to explain it. */
  readonly inherent?: boolean;
}

/**
 * Recognises one failure mode from what the probes measured, and nothing else. Pure: same history, same answer.
 * Returns undefined when the sources it needs were never read: unknown is neither healthy nor sick.
 */
export interface Signature {
  readonly id: string;
  /** Milliseconds that `raise` must hold before it fires, and `clear` before it is dropped. */
  readonly forMs: number;
  readonly keepMs: number;
  /** Ids whose symptoms this one causes: they are folded below it while both are active. */
  readonly explains: readonly string[];
  assess(history: History): Assessment | undefined;
}
