import type { FaultPlan, Observation } from '../fault-plan.js';
import type { FaultKind, FaultSpec } from '../fault-spec.js';
import type { EffectVerdict } from '../fault-verdict.js';
import type { InspectedTarget } from '../observe/target.js';
import { assertTouchable } from '../plan/gates.js';
import { type PlanContext, readSurroundings, type Surroundings } from '../plan/surroundings.js';
import { allocate } from './allocate.js';
import { bandwidth } from './bandwidth.js';
import { cpu } from './cpu.js';
import { delay } from './delay.js';
import { disconnect } from './disconnect.js';
import { dnsAnswer } from './dns-answer.js';
import { dnsDrop } from './dns-drop.js';
import { dropPeer } from './drop-peer.js';
import { kill } from './kill.js';
import type { KindOfFault } from './kind.js';
import { loss } from './loss.js';
import { memory } from './memory.js';
import { openFiles } from './open-files.js';
import { pause } from './pause.js';

/** Every kind of fault by its name. */
const kinds: { readonly [Kind in FaultKind]: KindOfFault<Kind> } = {
  delay,
  loss,
  'drop-peer': dropPeer,
  'dns-answer': dnsAnswer,
  'dns-drop': dnsDrop,
  bandwidth,
  cpu,
  memory,
  allocate,
  'open-files': openFiles,
  kill,
  pause,
  disconnect,
};

/** Makes plans of what is asked for, and knows how to see that one has its effect. */
export interface Planner {
  /** Reads what it must know of the target and of the machine; changes nothing. Rejects when it cannot be done here. */
  plan(spec: FaultSpec, target: InspectedTarget, context: PlanContext): Promise<FaultPlan>;
  /** Pure: from the target before and with the fault. */
  effectOf(plan: FaultPlan, before: Observation, after: Observation): EffectVerdict;
}

/** Plans every kind of fault for containers of Docker. */
export const planner: Planner = {
  async plan(spec, target, context) {
    const { scope, wants } = kindOf(spec);
    assertTouchable(target, scope);
    return planFault(spec, await readSurroundings(target, wants, context));
  },
  effectOf,
};

/**
 * What a fault will do on this target, on this machine, complete and before anything is done. Pure. Throws FaultRefused
 * that says why it cannot or may not be caused, and what can be done instead.
 */
export function planFault(spec: FaultSpec, surroundings: Surroundings): FaultPlan {
  const { id, ttlMs, target } = surroundings;
  const kind = kindOf(spec);
  assertTouchable(target, kind.scope);
  return {
    id,
    spec,
    target: target.identity,
    ttlMs,
    insteadOf: null,
    renew: [],
    readings: [],
    ...kind.plan(spec, surroundings),
  };
}

/** Whether a fault had its effect, from the target before and with it. Pure. */
export function effectOf(plan: FaultPlan, before: Observation, after: Observation): EffectVerdict {
  const { spec } = plan;
  return kindOf(spec).effect({ plan, spec, before, after });
}

/** Everything that is particular to the kind of this fault. */
export function kindOf({ kind }: Pick<FaultSpec, 'kind'>): KindOfFault<FaultKind> {
  // Each kind is given its own spec only; the compiler cannot follow a table from a kind to its spec.
  return kinds[kind] as unknown as KindOfFault<FaultKind>;
}

/** Whether a line of a snapshot is one that faults of these kinds change. */
export function touchedBy(some: readonly FaultKind[]): (section: string, line: string) => boolean {
  const touched = some.flatMap((kind) => kindOf({ kind }).touches);
  return (section, line) => touched.some((what) => `${section}: ${line}`.startsWith(what));
}
