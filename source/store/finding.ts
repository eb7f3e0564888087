/** What the diagnosis says. Plain data: stored, drawn, recorded and printed as it is. */

export type Severity = 'critical' | 'warning' | 'notice';

/** Prometheus' alert states: pending (seen, not long enough), firing, resolving (gone, not long enough). */
export type FindingState = 'pending' | 'firing' | 'resolving';

/** What a finding is about. */
export type SubjectKind = 'host' | 'workload' | 'connection' | 'name' | 'listener' | 'target';

/** One place at which a failure mode is seen; `id` is the workload's name, the listener's or target's `host:port` … */
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** How far a finding can be relied on; told apart from `score`, which is what it was made from. */
export type Verdict = 'confirmed' | 'likely' | 'cannot tell';

export interface Evidence {
  /** Signal or probe it comes from: `dns.p95`, `postgres.selectOne`. */
  readonly signal: string;
  /** What was measured, as a person reads it, with its unit. */
  readonly value: string;
  /** The figure in it, in `unit`; null where what was measured is no number. */
  readonly reading: number | null;
  /** `ms`, `%`, `share` (0 to 1), `/s`, `connections` …; empty where what was measured is no number. */
  readonly unit: string;
  /** Wall-clock milliseconds at which it was measured, or null when that is not known. */
  readonly at: number | null;
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
  /** Name of a remedy (`bulkhead`, `pool`): where this session has a switch of that name, the console offers it. */
  readonly remedy?: string;
}

export interface Finding {
  /** Unique among the findings of one look: `container-kill@workload:db`. */
  readonly key: string;
  /** Failure mode. */
  readonly id: string;
  readonly subject: Subject;
  /** The sentence a tired person reads first. */
  readonly title: string;
  readonly severity: Severity;
  readonly state: FindingState;
  readonly verdict: Verdict;
  /** Sum of the evidence, 0.05 to 0.99. */
  readonly score: number;
  /** How often it is right at this score; equals `score` until that has been measured. */
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
  /** Key of the finding that causes this one; such a finding is folded below its cause. */
  readonly explainedBy: string | null;
  /** Two or three short lines: what happens, in figures. */
  readonly explanation: readonly string[];
}

/** The key of what one mode says of one subject. */
export const keyOf = (id: string, subject: Subject): string => `${id}@${subject.kind}:${subject.id}`;

/** The mode of a key. */
export const modeOf = (key: string): string => key.slice(0, key.indexOf('@'));

/** A rule of the diagnosis that failed in a look: it says nothing, which is neither well nor sick. */
export interface FailedRule {
  /** Failure mode. */
  readonly id: string;
  readonly reason: string;
}

/** A failure mode that cannot be judged because sources it needs give no figure. */
export interface BlindMode {
  readonly id: string;
  /** Sources that are missing; of those written `a or b` one would do. */
  readonly missing: readonly string[];
}
