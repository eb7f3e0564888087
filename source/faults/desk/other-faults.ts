import type Docker from 'dockerode';
import { type AgentSeen, agentsOn } from '../agent/agent-container.js';
import type { Toolbox } from '../agent/toolbox.js';
import type { FaultPlan, Reading } from '../fault-plan.js';
import type { FaultKind } from '../fault-spec.js';
import { observeTarget, type TargetObservation } from '../observe/observe-target.js';
import type { InspectedTarget } from '../observe/target.js';
import * as journal from './journal.js';

/** The fault of the same kind that holds a target: the one whose agent was made first. Null when ours is. */
export async function holderOf(
  docker: Docker,
  plan: Pick<FaultPlan, 'id' | 'target' | 'spec'>,
): Promise<AgentSeen | null> {
  const agents = await agentsOn(docker, plan.target.id);
  const same = agents.filter(({ kind }) => kind === plan.spec.kind);
  // The times are of one format and length, but for zeros at the end that are left out.
  const [first] = [...same].sort(
    (a, b) => compareTimes(a.created, b.created) || (a.fault < b.fault ? -1 : 1),
  );
  return first === undefined || first.fault === plan.id ? null : first;
}

/** RFC 3339 times with up to nine digits of a second. */
function compareTimes(a: string, b: string): number {
  const padded = (time: string): string => {
    const [whole, part = ''] = time.replace('Z', '').split('.');
    return `${whole}.${part.padEnd(9, '0')}`;
  };
  return padded(a) < padded(b) ? -1 : padded(a) > padded(b) ? 1 : 0;
}

/** Says that a fault of the same kind is there, whose, and what ends it. */
export function heldText({ fault, what, owner }: AgentSeen, ownPid: number): string {
  const pid = owner.split(':')[0];
  const whose = pid === String(ownPid) ? 'this console' : `another console (pid ${pid})`;
  return `there already is a fault of this kind, ${fault}, caused by ${whose}: ${what}. Undo it first: faultline undo`;
}

/**
 * Looks at a plan's target, and says what kinds of other faults are on it: those that have an agent, whichever console
 * caused them, and those of the journal, which may have lost theirs. They are listed before and after the look, so that
 * what comes or goes meanwhile is on one of the lists; `agents` are those that were listed just now, where they were.
 * Rejects when the daemon cannot be asked.
 */
export async function observeWithOthers(
  on: Toolbox,
  plan: FaultPlan,
  target: InspectedTarget,
  {
    agents,
    readings,
  }: { readonly agents?: readonly AgentSeen[]; readonly readings?: readonly Reading[] } = {},
): Promise<{ readonly seen: TargetObservation; readonly beside: readonly FaultKind[] }> {
  const others = async (): Promise<readonly FaultKind[]> =>
    besideOf(plan, await agentsOn(on.docker, plan.target.id));
  const first = agents === undefined ? await others() : besideOf(plan, agents);
  const seen = await observeTarget(on, target, readings);
  return { seen, beside: [...new Set([...first, ...(await others())])] };
}

function besideOf({ id, target }: FaultPlan, agents: readonly AgentSeen[]): readonly FaultKind[] {
  const written = journal
    .openEntries()
    .entries.flatMap(({ undo }) => undo)
    .flatMap((step) => (step.kind === 'docker' && step.plan.target.id === target.id ? [step.plan] : []))
    .filter((plan) => plan.id !== id);
  const kinds = [
    ...agents.filter(({ fault }) => fault !== id).map(({ kind }) => kind),
    ...written.map(({ spec }) => spec.kind),
  ];
  return [...new Set(kinds)];
}
