/** What was caused, and what was said of it: one line of the results each. Plain data. */

export type BenchKind = 'cause' | 'pair' | 'control';

/** A finding as it stood when it was judged. */
export interface Told {
  /** Failure mode. */
  readonly id: string;
  readonly title: string;
  /** 0 to 1. */
  readonly score: number;
}

/** One run of the benchmark. */
export interface Measured {
  readonly kind: BenchKind;
  /** `latency`, `partition:one-way`; both of a pair with a blank, a plus and a blank between; a control's name. */
  readonly what: string;
  /** The first is 1. */
  readonly round: number;
  /** Failure modes that should be told: one, both of a pair, none. */
  readonly wanted: readonly string[];
  /** What stood for itself at the end of the wait, the most likely first; of a control all that ever did. */
  readonly told: readonly Told[];
  /** Milliseconds from the first symptom to the last wanted name, 0 when it was named before anybody felt it; null when that never came. */
  readonly namedMs: number | null;
  /** Whether each wanted finding tells a place where it was caused; null where that is no one place, or none was told. */
  readonly placed: boolean | null;
  /** Why it could not be measured: it could not be caused, nobody felt it; null when it was. */
  readonly reason: string | null;
  /** The machine's load (one minute) at its end: what runs beside makes everything later. */
  readonly load: number;
  /** Wall-clock ms at its end. */
  readonly at: number;
}

/** Whether a run was measured and every wanted mode stood where it should: on top, of a pair both; of a control none at all. */
export function isRight({ kind, wanted, told, reason }: Measured): boolean {
  if (reason !== null) return false;
  const ids = told.map(({ id }) => id);
  if (kind === 'control') return ids.length === 0;
  if (kind === 'pair') return wanted.every((id) => ids.includes(id));
  return ids[0] === wanted[0];
}
