/** What the diagnosis says. Plain data: stored, drawn, recorded and printed as it is. */

export type Severity = 'critical' | 'warning' | 'notice';

/** Prometheus' alert states: pending (seen, not long enough), firing, resolving (gone, not long enough). */
export type FindingState = 'pending' | 'firing' | 'resolving';

export interface Evidence {
  /** Signal or probe it comes from: `dns.p95`, `postgres.selectOne`. */
  readonly signal: string;
  /** What was measured, with its unit. */
  readonly value: string;
  /** What it was compared with, with its unit. */
  readonly threshold: string;
  /** Where the threshold comes from: a kernel document, an RFC, a peer's default, a measurement. */
  readonly source: string;
  readonly verdict: 'supports' | 'refutes' | 'missing';
}

export interface RuledOut {
  /** Id of the failure mode that this only looks like. */
  readonly id: string;
  /** What a person calls it: "the database". */
  readonly title: string;
  /** The figure that clears it: "SELECT 1 in 2 ms, 1 of 100 connections". */
  readonly because: string;
}

export interface Fix {
  /** `now` ends the outage; `later` keeps it from coming back. */
  readonly when: 'now' | 'later';
  readonly text: string;
  /** Command for a host where Faultline cannot do it itself. */
  readonly command?: string;
  /** Action that does it from the console: `restart`, with its argument. */
  readonly action?: { readonly name: string; readonly argument?: string };
}

export interface Finding {
  readonly id: string;
  /** The sentence a tired person reads first. */
  readonly title: string;
  readonly severity: Severity;
  readonly state: FindingState;
  /** 0.05 to 0.99. */
  readonly confidence: number;
  /** Who is sick, and towards whom: "todo-app → resolver 127.0.0.1:5353". */
  readonly target: string;
  /** Wall-clock milliseconds of the first symptom that belongs to it. */
  readonly since: number;
  /** Wall-clock milliseconds at which it was first named (became firing), or null. */
  readonly namedAt: number | null;
  readonly evidence: readonly Evidence[];
  readonly ruledOut: readonly RuledOut[];
  readonly fix: readonly Fix[];
  /** Id of the finding that causes this one; such a finding is folded below its cause. */
  readonly explainedBy: string | null;
  /** Two or three short lines: what happens, in figures. */
  readonly story: readonly string[];
}
