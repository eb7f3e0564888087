import type { BiteVerdict } from '../desk/fault-desk.js';
import type { FaultPlan, Reading, Sighting } from '../fault-plan.js';
import type { FaultKind, FaultSpec } from '../fault-spec.js';
import type { Surroundings } from '../plan/surroundings.js';

/** What one kind of fault says; the rest of a plan is the same for all. */
export type PlanBody = Pick<FaultPlan, 'what' | 'means' | 'ending' | 'apply' | 'undo'> & {
  readonly insteadOf?: string | null;
  readonly renew?: FaultPlan['renew'];
  readonly readings?: readonly Reading[];
  readonly keeper: FaultPlan['keeper'];
};

export type SpecOf<Kind extends FaultKind> = Extract<FaultSpec, { kind: Kind }>;

/** Everything that is particular to one kind of fault. */
export interface KindOfFault<Kind extends FaultKind> {
  /** What has to be read before it can be planned. */
  readonly reads: {
    /** What the machine can do. */
    readonly means: boolean;
    /** What is inside the target's namespaces. */
    readonly inside: boolean;
    readonly memory: boolean;
  };
  /** Pure. Throws CannotPlan. */
  plan(spec: SpecOf<Kind>, surroundings: Surroundings): PlanBody;
  /** Pure: did it bite, from the target before and with the fault. */
  bite(plan: FaultPlan, spec: SpecOf<Kind>, before: Sighting, after: Sighting): BiteVerdict;
}

/** The keeper of what is done in the target's network. */
export const inNetwork = (
  capabilities: FaultPlan['keeper']['capabilities'] = ['NET_ADMIN'],
): FaultPlan['keeper'] => ({ capabilities, network: 'target', pid: false, socket: false });

/** The keeper of what the daemon does. */
export const throughDaemon: FaultPlan['keeper'] = {
  capabilities: [],
  network: 'none',
  pid: false,
  socket: true,
};
