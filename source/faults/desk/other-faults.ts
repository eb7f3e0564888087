import type Docker from 'dockerode';
import { type AgentSeen, agentsOn } from '../agent/agent-container.js';
import type { FaultPlan, Snapshot } from '../fault-plan.js';
import type { FaultKind } from '../fault-spec.js';
import { FaultRefused } from '../refusal.js';
import * as journal from './journal.js';

/** Whether a plan puts a queueing discipline on a device. */
const setsQueue = ({ apply }: FaultPlan): boolean =>
  apply.some((step) => step.do === 'run' && step.command[0] === 'tc' && step.command.includes('qdisc'));

/**
 * Throws FaultRefused when something in the target stands in the way of a plan, and says whose it is. A queueing discipline with
 * the handle 0 is the kernel's own default; any other was put there by someone (tc(8)).
 */
export function assertNothingInTheWay(plan: FaultPlan, snapshot: Snapshot): void {
  const { name } = plan.target;
  const table = Object.keys(snapshot).find((section) => section.endsWith(` faultline_${plan.id}`));
  if (table !== undefined)
    throw new FaultRefused(`${name} has a table ${table.slice('nft '.length)} already; ask once more`);
  const others = (snapshot.qdisc ?? '')
    .split('\n')
    .filter((line) => / root\b/.test(line) && !/^qdisc \S+ 0: /.test(line));
  if (setsQueue(plan) && others.length > 0)
    throw new FaultRefused(
      `${name} has a queueing discipline that someone else set (${others.join('; ')}); it is not touched. ` +
        'Whoever set it can take it away: tc qdisc del dev <device> root',
    );
}

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
 * Kinds of the other faults on a plan's target: those that have an agent, whichever console caused them, and those of
 * the journal, which may have lost theirs. Rejects when the daemon cannot be asked.
 */
export async function kindsBeside(docker: Docker, plan: FaultPlan): Promise<readonly FaultKind[]> {
  return besideOf(plan, await agentsOn(docker, plan.target.id));
}

/** The same, of agents that were listed just now. */
export function besideOf({ id, target }: FaultPlan, agents: readonly AgentSeen[]): readonly FaultKind[] {
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
