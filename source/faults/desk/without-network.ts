import type { ContainerInspectInfo } from 'dockerode';
import type { FaultPlan, SnapshotDiff } from '../fault-plan.js';
import type { FaultKind } from '../fault-spec.js';

/** Kinds that end a target, or may: that it runs again is part of their undoing. */
const ENDS: readonly FaultKind[] = ['kill', 'memory', 'allocate'];

/** Where the processes and the network that a fault was caused in are: there, or gone with a stop or a restart. */
export type Whereabouts = 'there' | 'restarted' | 'stopped';

export function whereabouts({ target }: FaultPlan, { State }: ContainerInspectInfo): Whereabouts {
  if (!State.Running) return 'stopped';
  return State.StartedAt === target.startedAt ? 'there' : 'restarted';
}

/**
 * Of the differences to the state before, those that a fault may have left although its target was stopped or
 * restarted since: its limits; that it is off a network or paused or ended, where the fault did that; and anything in
 * the new network that carries the fault's id. The old rules and addresses are no measure of the new network.
 */
export function outlives({ id, spec }: FaultPlan, differs: SnapshotDiff, state: string): SnapshotDiff {
  const stays = new Set([
    'limits',
    ...(spec.kind === 'disconnect' ? ['networks'] : []),
    ...(ENDS.includes(spec.kind) || (spec.kind === 'pause' && state === 'paused') ? ['state'] : []),
  ]);
  return differs.filter(
    (line) => stays.has(line.split(':')[0] as string) || line.includes(`faultline_${id}`),
  );
}
