import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { AGENT_LABELS, agentName, agentRuns, endAgent } from '../agent/agent-container.js';
import { agentCommand } from '../agent/programs.js';
import { removeContainer, runToolbox, type Toolbox, type ToolboxWants } from '../agent/toolbox.js';
import type { AgentStep, FaultPlan, Snapshot, SnapshotDifference } from '../fault-plan.js';
import type { FaultKind } from '../fault-spec.js';
import type { RollbackVerdict, UndoOutcome } from '../fault-verdict.js';
import { kindOf, touchedBy } from '../kinds/planner.js';
import { snapshotDifference } from '../observe/difference.js';
import { canBeJoined, type InspectedTarget, inspectTarget } from '../observe/target.js';
import { observeWithOthers } from './other-faults.js';

/** Milliseconds an agent has to undo and go: its steps, their second tries, and a busy daemon. */
const AGENT_MS = 60_000;
/** Milliseconds after which it is asked again: one that has just started does not hear yet. */
const ASK_AGAIN_MS = 2_000;
/** Milliseconds in which a container that has ended is removed by itself or by the daemon. */
const REMOVAL_MS = 3_000;
const LOOK_MS = 50;
const UNDO_MS = 60_000;

/** All it takes to roll a fault back, from any process. */
export interface Rollback extends Toolbox {
  /** Path of the daemon's socket on its machine. */
  readonly socket: string;
  readonly plan: FaultPlan;
  /** The target before the fault. */
  readonly snapshot: Snapshot;
  /** Kinds of the other faults that were on the target at the snapshot: what they touch is theirs. */
  readonly beside: readonly FaultKind[];
}

/**
 * Ends a fault and says whether the target is as it was: its agent undoes it; where there is none any more, what is
 * left is undone from here. Safe to repeat. Rejects only when the daemon cannot be asked.
 */
export async function rollBack(task: Rollback): Promise<RollbackVerdict> {
  const { docker, plan } = task;
  const { id, what, target } = plan;
  const verdict = (
    outcome: UndoOutcome,
    detail: string,
    residue: SnapshotDifference = [],
  ): RollbackVerdict => ({ id, what, outcome, clean: outcome !== 'left', detail, residue });
  const held = await quitAgent(docker, id);
  const there = await inspectTarget(docker, target.id);
  if (there === null) return verdict('target gone', 'its container is gone, and it with it');
  const where = whereabouts(plan, there);
  const first = await compare(task, there);
  if (first.length === 0) {
    if (where !== 'there' && plan.agent.network === 'target')
      return verdict('undone', `its container was ${where}: its rules went with its network`);
    return verdict('undone', held ? 'undone' : 'it had ended by itself');
  }
  const trouble = await undoFromHere(task, there);
  const now = await inspectTarget(docker, target.id);
  const residue = now === null ? [] : await compare(task, now);
  if (residue.length > 0) return verdict('left', trouble ?? 'it is not as it was before', residue);
  return verdict('undone', held ? 'undone, in part from here' : 'its fault agent was gone; undone from here');
}

/**
 * Tells an agent to end and waits until it has gone. False when there was none. One that does not end is killed: what
 * it would have undone is then undone from here.
 */
async function quitAgent(docker: Docker, id: string): Promise<boolean> {
  if ((await agentRuns(docker, id)) === null) return false;
  const end = performance.now() + AGENT_MS;
  const there = await endAgent(docker, id);
  let asked = performance.now();
  let stoppedAt: number | undefined;
  while (performance.now() < end) {
    const running = await agentRuns(docker, id);
    if (running === null) return there;
    if (!running) {
      stoppedAt ??= performance.now();
      // One that was made and never started, or that could not undo all, is not removed by anybody else.
      if (!there || performance.now() - stoppedAt > REMOVAL_MS) break;
    } else if (performance.now() - asked > ASK_AGAIN_MS) {
      await endAgent(docker, id);
      asked = performance.now();
    }
    await sleep(LOOK_MS);
  }
  await removeContainer(docker, agentName(id));
  return there && stoppedAt !== undefined;
}

/** What is not as it was, as far as this fault can have to do with it. */
async function compare(task: Rollback, target: InspectedTarget): Promise<SnapshotDifference> {
  const { plan } = task;
  const { seen, beside } = await observeWithOthers(task, plan, target);
  const { snapshot } = seen;
  const ignore = touchedBy([...task.beside, ...beside]);
  const differs = snapshotDifference(task.snapshot, snapshot, { fault: plan.id, ignore });
  return whereabouts(plan, target) === 'there' ? differs : outlives(plan, differs, snapshot.state ?? '');
}

/** Where the processes and the network that a fault was caused in are: there, or gone with a stop or a restart. */
function whereabouts({ target }: FaultPlan, now: InspectedTarget): 'there' | 'restarted' | 'stopped' {
  if (!now.running) return 'stopped';
  return now.identity.startedAt === target.startedAt ? 'there' : 'restarted';
}

/**
 * Of the differences to the state before, those that a fault may have left although its target was stopped or
 * restarted since: limits; what its kind says; and anything in the new network that carries the fault's id. The old
 * rules and addresses are no measure of the new network.
 */
function outlives({ id, spec }: FaultPlan, differs: SnapshotDifference, state: string): SnapshotDifference {
  const stays = ['limits', ...(kindOf(spec).outlives?.(state) ?? [])];
  return differs.filter(
    (line) => stays.includes(line.split(':')[0] as string) || line.includes(`faultline_${id}`),
  );
}

/** Runs what is left of the undo steps; why that failed, or null. After a restart only calls to the daemon matter. */
async function undoFromHere(task: Rollback, target: InspectedTarget): Promise<string | null> {
  const { docker, image, socket, plan } = task;
  const { agent } = plan;
  const inside = whereabouts(plan, target) === 'there' && canBeJoined(target);
  const mayRun = (step: AgentStep): boolean => inside || step.do === 'docker' || step.do === 'exec';
  const undo = plan.undo.filter(mayRun);
  if (undo.length === 0) return null;
  const wants: ToolboxWants = {
    image,
    name: `${agentName(plan.id)}-undo-${Date.now().toString(36)}`,
    command: agentCommand({ ...plan, apply: [], renew: [], undo, ttlMs: 0 }),
    labels: { [AGENT_LABELS.fault]: plan.id },
    network: inside && agent.network === 'target' ? plan.target.id : null,
    pid: inside && agent.pid ? plan.target.id : null,
    capabilities: agent.capabilities,
    socket: agent.socket ? socket : null,
    ...(agent.user === undefined ? {} : { user: agent.user }),
  };
  try {
    const { code, output, errors } = await runToolbox(docker, wants, UNDO_MS);
    return code === 0 ? null : `undo failed: ${(output + errors).trim().slice(-400)}`;
  } catch (error) {
    return `undo failed: ${(error as Error).message}`;
  }
}
