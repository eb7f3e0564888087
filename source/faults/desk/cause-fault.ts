import { randomBytes } from 'node:crypto';
import { agentName, agentsOn } from '../agent/agent-container.js';
import type { FaultPlan, Observation, TargetIdentity } from '../fault-plan.js';
import { type FaultKind, FaultRefused, type FaultSpec } from '../fault-spec.js';
import type { EffectVerdict } from '../fault-verdict.js';
import type { Planner } from '../kinds/planner.js';
import { observeTarget } from '../observe/observe-target.js';
import { type InspectedTarget, inspectTarget } from '../observe/target.js';
import { assertAllowed, assertNothingInTheWay } from '../plan/gates.js';
import type { Daemon } from './daemon.js';
import type { HeldFault, RecordedFault } from './held-fault.js';
import * as journal from './journal.js';
import { heldText, observeWithOthers } from './other-faults.js';

/** Milliseconds until a fault ends by itself where nobody says otherwise. */
const DEFAULT_TTL_MS = 120_000;

export interface InjectOptions {
  /** Id of the failure mode, or `inject` for one that was asked for by hand. */
  readonly scenario: string;
  /** Milliseconds after which it ends by itself (default 120,000), renewed while this process lives. */
  readonly ttlMs?: number;
  /** False: it ends when `ttlMs` are over, renewed by nobody. */
  readonly renew?: boolean;
  /** A person typed the target's name: it needs no label. */
  readonly confirmed?: boolean;
  /** The spec's target, inspected just now: it is not asked for again. Absent: it is inspected here. */
  readonly target?: InspectedTarget;
  readonly signal?: AbortSignal;
  readonly progress?: (text: string) => void;
}

/**
 * Causes a fault: inspect and plan, snapshot, journal, agent, effect check. What is in the way of it rejects before
 * anything is done; what fails after that is rolled back, and the rejection says what is left.
 */
export async function causeFault(
  spec: FaultSpec,
  ask: InjectOptions & { readonly signal: AbortSignal },
  on: Daemon,
  by: { readonly planner: Planner; readonly hold: (fault: RecordedFault) => HeldFault },
): Promise<HeldFault> {
  const { signal, renew = true } = ask;
  const tell = (text: string): void => ask.progress?.(text);
  tell(`${spec.target}: reading its state`);
  const { plan, target } = await planFor(spec, ask, on, by.planner);
  const { before, beside } = await observeBefore(plan, target, on);
  signal.throwIfAborted();
  const fault = by.hold(record({ ...plan, target: before.target }, before, beside, ask.scenario, on));
  try {
    tell(`${plan.what}: causing it (${plan.means})`);
    await fault.begin(signal);
    if (renew) fault.keepRenewing();
    tell(`${plan.what}: checking its effect`);
    fault.effect = await effectCheck(fault.plan, before, on, by.planner);
    signal.throwIfAborted();
  } catch (error) {
    tell(`${plan.what}: not caused; rolling back what was done`);
    const verdict = await fault.end();
    const left = verdict.clean ? 'nothing of it is left' : [verdict.detail, ...verdict.residue].join('; ');
    throw new Error(`${plan.what}: could not be caused: ${(error as Error).message} (${left})`, {
      cause: error,
    });
  }
  return fault;
}

/** The target, inspected once, and the plan for it. Rejects when it is not there or not to be touched. */
async function planFor(
  spec: FaultSpec,
  ask: InjectOptions & { readonly signal: AbortSignal },
  { docker, image }: Daemon,
  planner: Planner,
): Promise<{ readonly plan: FaultPlan; readonly target: InspectedTarget }> {
  const target = ask.target ?? (await inspectTarget(docker, spec.target));
  if (target === null) throw new FaultRefused(`there is no container "${spec.target.slice(0, 200)}"`);
  assertAllowed(target, ask.confirmed ?? false);
  const id = `f${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
  const { signal, ttlMs = DEFAULT_TTL_MS } = ask;
  return { plan: await planner.plan(spec, target, { docker, image, id, ttlMs, signal }), target };
}

/** The target before, and the kinds of other faults on it. Throws FaultRefused when something is in the plan's way. */
async function observeBefore(plan: FaultPlan, target: InspectedTarget, on: Daemon) {
  const agents = await agentsOn(on.docker, plan.target.id);
  const same = agents.find(({ kind }) => kind === plan.spec.kind);
  if (same !== undefined) throw new FaultRefused(`${plan.target.name}: ${heldText(same, process.pid)}`);
  const { readings } = plan;
  const { seen: before, beside } = await observeWithOthers(on, plan, target, { agents, readings });
  assertSteady(plan.target, before.target);
  assertNothingInTheWay(plan, before.snapshot);
  return { before, beside };
}

/** Throws FaultRefused when the container that was seen is not the one that was planned for. */
function assertSteady(planned: TargetIdentity, seen: TargetIdentity): void {
  if (planned.id !== seen.id || planned.startedAt !== seen.startedAt)
    throw new FaultRefused(`${planned.name} was restarted just now; ask once more`);
}

/** Writes a fault down, durably; nothing of it is there yet. */
function record(
  plan: FaultPlan,
  { snapshot }: Observation,
  beside: readonly FaultKind[],
  scenario: string,
  { endpoint, image }: Daemon,
): RecordedFault {
  const { id } = journal.record({
    scenario,
    substrate: 'docker',
    target: { lab: endpoint, workload: plan.target.name, process: null },
    what: plan.what,
    undo: [
      {
        kind: 'docker',
        endpoint,
        plan,
        snapshot: { ...snapshot },
        beside: [...beside],
        agent: agentName(plan.id),
        image,
        expiresAt: Date.now() + plan.ttlMs,
      },
    ],
  });
  return { plan, snapshot, beside, entry: id };
}

/** Looks at the target anew, with the fault, and says whether it has its effect. */
async function effectCheck(
  plan: FaultPlan,
  before: Observation,
  on: Daemon,
  planner: Planner,
): Promise<EffectVerdict> {
  const target = await inspectTarget(on.docker, plan.target.id);
  if (target === null) return { verdict: 'Inconclusive', signal: 'its container has gone meanwhile' };
  return planner.effectOf(plan, before, await observeTarget(on, target, plan.readings));
}
