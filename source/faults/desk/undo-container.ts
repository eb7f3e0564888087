import { troubleText } from '../../engines/docker/endpoint/endpoint.js';
import { explainFailure } from '../../engines/docker/endpoint/explain-failure.js';
import { ensureImage } from '../../engines/docker/images/ensure-image.js';
import { hasImage } from '../../engines/docker/images/has-image.js';
import { toolboxRecipe } from '../../engines/docker/images/toolbox-image.js';
import { connect } from '../../engines/docker/link/connect.js';
import { reasonOf, statusOf, withDeadline } from '../../engines/docker/link/deadline.js';
import { isAlive } from '../../linux/process/identity.js';
import { sweepToolbox } from '../agent/toolbox.js';
import type { StepVerdict } from '../fault-verdict.js';
import { type Daemon, endpointOf, socketOfDaemon } from './daemon.js';
import * as journal from './journal.js';
import type { JournalEntry, UndoStep } from './journal-entry.js';
import { ownPlan } from './own-plan.js';
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

/** Rolls back what consoles that are dead left on this daemon, and removes what they made and never started. */
export async function settleLeftovers(on: Daemon): Promise<void> {
  for (const { entry, step } of orphans()) {
    if (step.endpoint !== on.endpoint) continue;
    const plan = ownPlan(step);
    // Told by `faultline undo`.
    if (typeof plan === 'string') continue;
    const { snapshot, beside } = step;
    const { clean } = await rollBack({ ...on, plan, snapshot, beside });
    if (clean) journal.close(entry.id);
  }
  await sweepToolbox(on.docker);
}
