import type { BiteVerdict } from '../desk/fault-desk.js';
import type { FaultPlan, Sighting } from '../fault-plan.js';
import type { FaultKind, FaultSpec } from '../fault-spec.js';
import { checkTarget } from '../plan/check-target.js';
import type { Surroundings } from '../plan/surroundings.js';
import { kinds } from './index.js';
import type { KindOfFault } from './kind.js';

/**
 * What a fault will do on this target, on this machine, complete and before anything is done. Pure. Throws CannotPlan
 * that says why it cannot or may not be caused, and what can be done instead.
 */
export function planFault(spec: FaultSpec, surroundings: Surroundings): FaultPlan {
  const { id, ttlMs, target } = surroundings;
  checkTarget(spec, target);
  const body = kindOf(spec).plan(spec, surroundings);
  return {
    id,
    spec,
    target: target.identity,
    ttlMs,
    insteadOf: null,
    renew: [],
    readings: [],
    ...body,
  };
}

/** Whether a fault bit, from the target before and with it. Pure. */
export function biteOf(plan: FaultPlan, before: Sighting, after: Sighting): BiteVerdict {
  return kindOf(plan.spec).bite(plan, plan.spec, before, after);
}

/** What must be read before a fault of this kind is planned. */
export const readsOf = (spec: FaultSpec): KindOfFault<FaultKind>['reads'] => kindOf(spec).reads;

function kindOf(spec: FaultSpec): KindOfFault<FaultKind> {
  // Each kind is given its own spec only; the compiler cannot follow a table from a kind to its spec.
  return kinds[spec.kind] as unknown as KindOfFault<FaultKind>;
}
