import { troubleText } from '../../engines/docker/endpoint/endpoint.js';
import { explainFailure } from '../../engines/docker/endpoint/explain-failure.js';
import { ensureImage } from '../../engines/docker/images/ensure-image.js';
import { hasImage } from '../../engines/docker/images/has-image.js';
import { toolboxRecipe } from '../../engines/docker/images/toolbox-image.js';
import { connect } from '../../engines/docker/link/connect.js';
import { reasonOf, statusOf, withDeadline } from '../../engines/docker/link/deadline.js';
import { isAlive } from '../../linux/process/identity.js';
import { agentName } from '../agent/agent-container.js';
import { sweepToolbox } from '../agent/toolbox.js';
import type { AgentStep, FaultPlan } from '../fault-plan.js';
import type { StepVerdict } from '../fault-verdict.js';
import { kindOf } from '../kinds/planner.js';
import { commandText } from '../plan/dry-run.js';
import { isOwnAgent } from '../plan/steps.js';
import { type Daemon, endpointOf, socketOfDaemon } from './daemon.js';
import type { JournalEntry, UndoStep } from './journal.js';
import * as journal from './journal.js';
import { rollBack } from './roll-back.js';

type ContainerStep = Extract<UndoStep, { kind: 'docker' }>;
const HELLO_MS = 5_000;

/** Rolls a fault in a container back from any process. Never rejects: what is in the way is told as `left`. */
export async function undoContainerStep(step: ContainerStep, { owner }: JournalEntry): Promise<StepVerdict> {
  if (owner.pid !== process.pid && isAlive(owner)) {
    const detail = `the console with pid ${owner.pid} holds it: undo it there, or quit it`;
    return { outcome: 'left', detail };
  }
  const own = ownPlan(step);
  if (typeof own === 'string') return { outcome: 'left', detail: own };
  const resolved = endpointOf(step.endpoint);
  if (!resolved.ok) return { outcome: 'left', detail: troubleText(resolved.trouble) };
  const connection = connect(resolved.endpoint);
  const { docker } = connection;
  try {
    await withDeadline(HELLO_MS, (abortSignal) => docker.listContainers({ limit: 1, abortSignal }));
    const image = (await hasImage(docker, step.image))
      ? step.image
      : await ensureImage(toolboxRecipe(), { docker });
    const socket = socketOfDaemon(step.endpoint);
    const { snapshot, beside } = step;
    const task = { docker, image, socket, plan: own, snapshot, beside };
    const { outcome, detail, residue } = await rollBack(task);
    if (outcome !== 'left') return { outcome, detail };
    return { outcome, detail: [detail, ...residue].join('; '), residue };
  } catch (error) {
    const answered = statusOf(error) !== undefined || (error as NodeJS.ErrnoException).code === undefined;
    const detail = answered ? reasonOf(error) : troubleText(explainFailure(error, resolved.endpoint));
    return { outcome: 'left', detail };
  } finally {
    connection.destroy();
  }
}

/** Faults in the journal whose console is dead, newest first. */
const orphans = (): readonly { readonly entry: JournalEntry; readonly step: ContainerStep }[] =>
  [...journal.openEntries().entries].reverse().flatMap((entry) => {
    const [step] = entry.undo;
    return step?.kind === 'docker' && !isAlive(entry.owner) ? [{ entry, step }] : [];
  });

/** Whether a dead console left a fault, on whatever daemon. Reads the journal only. */
export const hasLeftovers = (): boolean => orphans().length > 0;

/**
 * Rolls back what consoles that are dead left on this daemon, and removes what they made and never started. Says whether
 * there was a fault to roll back.
 */
export async function settleLeftovers(on: Daemon): Promise<boolean> {
  const here = orphans().filter(({ step }) => step.endpoint === on.endpoint);
  for (const { entry, step } of here) {
    const plan = ownPlan(step);
    // Told by `faultline undo`.
    if (typeof plan === 'string') continue;
    const { snapshot, beside } = step;
    const { clean } = await rollBack({ ...on, plan, snapshot, beside });
    if (clean) journal.close(entry.id);
  }
  await sweepToolbox(on.docker);
  return here.length > 0;
}

/**
 * The plan of a journal's step as far as it may be carried out: its undo steps are ones that its kind writes, on its
 * own target, in the texts of today, and nothing else of it is left. A journal is a file: whoever could write it would
 * otherwise have the daemon do anything. Or why it is refused, in one line. Pure.
 */
export function ownPlan(step: ContainerStep): FaultPlan | string {
  const { plan } = step;
  const { kind } = plan.spec;
  const refused = (why: string): string => `refused: ${why}; look at its entry in the journal and remove it`;
  if (step.agent !== agentName(plan.id)) return refused(`${step.agent} is no agent of fault ${plan.id}`);
  if (!isOwnAgent(plan.agent, plan)) return refused(`no fault of kind ${kind} has an agent with such rights`);
  const { ownStep } = kindOf(plan.spec);
  const undo: AgentStep[] = [];
  for (const written of plan.undo) {
    const known = ownStep(written, plan);
    if (known === null) return refused(`no fault of kind ${kind} is undone by ${nameOf(written)}`);
    undo.push(known);
  }
  return { ...plan, apply: [], renew: [], readings: [], undo };
}

/** A step in few words: it stands in one line, and a stranger wrote it. */
function nameOf(step: AgentStep): string {
  if (step.do === 'docker') return `${step.method} ${step.path}`.slice(0, 120);
  if (step.do === 'run' || step.do === 'exec') return `${step.do} ${commandText(step.command)}`.slice(0, 120);
  return step.do;
}
