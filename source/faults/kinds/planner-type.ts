import type Docker from 'dockerode';
import type { BiteVerdict } from '../desk/fault-desk.js';
import type { FaultPlan, Sighting } from '../fault-plan.js';
import type { FaultSpec } from '../fault-spec.js';

export interface PlanContext {
  readonly docker: Docker;
  /** The toolbox image, there already. */
  readonly image: string;
  /** The id that the plan has to carry. */
  readonly id: string;
  readonly ttlMs: number;
  readonly signal?: AbortSignal;
}

/** Makes plans of what is asked for, and knows how to see that one bites. */
export interface Planner {
  /** Reads what it must know of the target and of the machine; changes nothing. Rejects when it cannot be done here. */
  plan(spec: FaultSpec, context: PlanContext): Promise<FaultPlan>;
  /** Pure: from the target before and with the fault. */
  biteOf(plan: FaultPlan, before: Sighting, after: Sighting): BiteVerdict;
}
