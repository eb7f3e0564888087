import type { FaultPlan, Observation, PlanBody } from '../fault-plan.js';
import type { FaultKind, SpecOf } from '../fault-spec.js';
import type { EffectVerdict } from '../fault-verdict.js';
import type { OwnStep } from '../plan/steps.js';
import type { Surroundings, Wanted } from '../plan/surroundings.js';

/** A fault that is there, and its target before and with it. */
export interface Caused<Kind extends FaultKind> {
  readonly plan: FaultPlan;
  readonly spec: SpecOf<Kind>;
  readonly before: Observation;
  readonly after: Observation;
}

/** Everything that is particular to one kind of fault. */
export interface KindOfFault<Kind extends FaultKind> {
  /** What it changes: the target's network, which then has to be its own, or the container alone. */
  readonly scope: 'network' | 'container';
  /** What has to be read before it can be planned, besides what the daemon says of the target. */
  readonly wants: readonly Wanted[];
  /** What of a snapshot it changes on purpose: `section` or `section: beginning of a line`. */
  readonly touches: readonly string[];
  /**
   * Sections in which a difference may be its own although the target was stopped or restarted since, by the target's
   * state now; `limits` may always.
   */
  readonly outlives?: (state: string) => readonly string[];
  /** Pure: which undo steps of a journal are ones that `plan` writes. Only those are done; see plan/steps.ts. */
  readonly ownStep: OwnStep;
  /** Pure. Throws FaultRefused. */
  plan(spec: SpecOf<Kind>, surroundings: Surroundings): PlanBody;
  /** Pure: whether the fault had the effect that was expected. */
  effect(caused: Caused<Kind>): EffectVerdict;
}
