import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { withDeadline } from '../../engines/docker/link/deadline.js';
import { endKeeper, KEEPER_LABELS, keeperName } from '../agent/agent-container.js';
import { keeperCommand } from '../agent/programs.js';
import { CALL_MS, isGone, removeContainer, runToolbox } from '../agent/toolbox.js';
import type { FaultPlan, KeeperStep, Snapshot, SnapshotDiff } from '../fault-plan.js';
import type { FaultKind } from '../fault-spec.js';
import { touchedBy } from '../kinds/touches.js';
import { diffSnapshots } from '../observe/difference.js';
import { readSight } from '../observe/observe-target.js';
import { canBeJoined, inspectTarget } from '../observe/target.js';
import { kindsBeside } from './beside.js';
import type { UndoVerdict } from './fault-desk.js';
import { outlives, whereabouts } from './without-network.js';

/** Milliseconds a keeper has to undo and go: its steps, their second tries, and a busy daemon. */
const KEEPER_MS = 60_000;
/** Milliseconds after which it is asked again: one that has just started does not hear yet. */
const ASK_AGAIN_MS = 2_000;
/** Milliseconds in which a container that has ended is removed by itself or by the daemon. */
const REMOVAL_MS = 3_000;
const LOOK_MS = 50;
const UNDO_MS = 60_000;

/** All it takes to take a fault back, from any process. */
export interface TakeBack {
  readonly docker: Docker;
  readonly image: string;
  /** Path of the daemon's socket on its machine. */
  readonly socket: string;
  readonly plan: FaultPlan;
  /** The target before the fault. */
  readonly snapshot: Snapshot;
  /** Kinds of the other faults that were on the target at the snapshot: what they touch is theirs. */
  readonly beside: readonly FaultKind[];
}

/**
 * Ends a fault and says whether the target is as it was: its keeper undoes it; where there is none any more, what is
 * left is undone from here. Safe to repeat. Rejects only when the daemon cannot be asked.
 */
export async function takeBack(task: TakeBack): Promise<UndoVerdict> {
  const { docker, plan } = task;
  const { id, what, target } = plan;
  const kept = await quitKeeper(docker, id);
  const info = await inspectTarget(docker, target.id);
  if (info === null)
    return { id, what, clean: true, detail: 'its container is gone, and it with it', residue: [] };
  const where = whereabouts(plan, info);
  const first = await compare(task, info);
  if (first.length === 0) {
    const ended = kept ? 'undone' : 'it had ended by itself';
    const gone = where !== 'there' && plan.keeper.network === 'target';
    const detail = gone ? `its container was ${where}: its rules went with its network` : ended;
    return { id, what, clean: true, detail, residue: [] };
  }
  const trouble = await undoFromHere(task, info);
  const now = await inspectTarget(docker, target.id);
  const residue = now === null ? [] : await compare(task, now);
  const clean = residue.length === 0;
  const done = kept ? 'undone, in part from here' : 'its keeper was gone; undone from here';
  const detail = clean ? done : (trouble ?? 'it is not as it was before');
  return { id, what, clean, detail, residue };
}

/**
 * Tells a keeper to end and waits until it has gone. False when there was none. One that does not end is killed: what
 * it would have undone is then undone from here.
 */
async function quitKeeper(docker: Docker, id: string): Promise<boolean> {
  const end = performance.now() + KEEPER_MS;
  const there = await endKeeper(docker, id);
  let asked = performance.now();
  let stoppedAt: number | undefined;
  while (performance.now() < end) {
    const running = await isRunning(docker, id);
    if (running === null) return there;
    if (!running) {
      stoppedAt ??= performance.now();
      // One that was made and never started, or that could not undo all, is not removed by anybody else.
      if (!there || performance.now() - stoppedAt > REMOVAL_MS) break;
    } else if (performance.now() - asked > ASK_AGAIN_MS) {
      await endKeeper(docker, id);
      asked = performance.now();
    }
    await sleep(LOOK_MS);
  }
  await removeContainer(docker, keeperName(id));
  return there && stoppedAt !== undefined;
}

/** Null: there is no such container. */
async function isRunning(docker: Docker, id: string): Promise<boolean | null> {
  try {
    const info = await withDeadline(CALL_MS, (abortSignal) =>
      docker.getContainer(keeperName(id)).inspect({ abortSignal }),
    );
    return info.State.Running;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** What is not as it was, as far as this fault can have to do with it. */
async function compare(task: TakeBack, info: ContainerInspectInfo): Promise<SnapshotDiff> {
  const { docker, plan } = task;
  // What comes or goes while it is looked at is on one of the two lists.
  const first = await kindsBeside(docker, plan.target.id, plan.id);
  const { snapshot } = await readSight(docker, task.image, info);
  const then = await kindsBeside(docker, plan.target.id, plan.id);
  const ignore = touchedBy([...task.beside, ...first, ...then]);
  const differs = diffSnapshots(task.snapshot, snapshot, { fault: plan.id, ignore });
  return whereabouts(plan, info) === 'there' ? differs : outlives(plan, differs, snapshot.state ?? '');
}

/** Runs what is left of the undo steps; why that failed, or null. After a restart only calls to the daemon matter. */
async function undoFromHere(task: TakeBack, info: ContainerInspectInfo): Promise<string | null> {
  const { docker, image, socket, plan } = task;
  const inside = whereabouts(plan, info) === 'there' && canBeJoined(info);
  const mayRun = (step: KeeperStep): boolean => inside || step.do === 'docker' || step.do === 'exec';
  const undo = plan.undo.filter(mayRun);
  if (undo.length === 0) return null;
  const wants = {
    image,
    name: `${keeperName(plan.id)}-undo-${Date.now().toString(36)}`,
    command: keeperCommand({ ...plan, apply: [], renew: [], undo, ttlMs: 0 }),
    labels: { [KEEPER_LABELS.fault]: plan.id },
    network: inside && plan.keeper.network === 'target' ? plan.target.id : null,
    pid: inside && plan.keeper.pid ? plan.target.id : null,
    capabilities: plan.keeper.capabilities,
    socket: plan.keeper.socket ? socket : null,
    ...(plan.keeper.user === undefined ? {} : { user: plan.keeper.user }),
  };
  try {
    const { code, output, errors } = await runToolbox(docker, wants, UNDO_MS);
    return code === 0 ? null : `undo failed: ${(output + errors).trim().slice(-400)}`;
  } catch (error) {
    return `undo failed: ${(error as Error).message}`;
  }
}
