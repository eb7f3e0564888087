import type Docker from 'dockerode';
import { troubleText } from '../../engines/docker/endpoint/endpoint.js';
import { connect } from '../../engines/docker/link/connect.js';
import { reasonOf } from '../../engines/docker/link/deadline.js';
import { LAB_LABEL, removeLabelled } from '../../engines/docker/swarm/labelled.js';
import { endSwarm } from '../../engines/docker/swarm/membership.js';
import {
  changeSpec,
  limitsIn,
  type ServiceSpec,
  specDifference,
  specOf,
  withLimits,
} from '../../engines/docker/swarm/service-spec.js';
import { isAlive } from '../../linux/process/identity.js';
import type { StepVerdict } from '../fault-verdict.js';
import { endpointOf } from './daemon.js';
import type { JournalEntry, UndoStep } from './journal.js';

type ServiceStep = Extract<UndoStep, { kind: 'swarm-service' }>;
type LabStep = Extract<UndoStep, { kind: 'swarm-lab' }>;

/**
 * Rolls back what was done to a Swarm service, or removes a Swarm lab, from any process. A lab whose own process still
 * runs is that one's to end. Never rejects: a daemon that cannot be asked is a reason to leave it.
 */
export async function undoSwarmStep(
  step: ServiceStep | LabStep,
  { owner, target }: Pick<JournalEntry, 'owner' | 'target'>,
): Promise<StepVerdict> {
  if (owner.pid !== process.pid && isAlive(owner))
    return {
      outcome: 'left',
      detail: `the process with pid ${owner.pid} is at it: end it, and it undoes this itself`,
    };
  if (step.kind === 'swarm-lab' && step.lab !== target.lab)
    return { outcome: 'left', detail: `refused: its entry is of lab ${target.lab}, not of ${step.lab}` };
  const resolved = endpointOf(step.endpoint);
  if (!resolved.ok) return { outcome: 'left', detail: troubleText(resolved.trouble) };
  const { docker, destroy } = connect(resolved.endpoint);
  try {
    return step.kind === 'swarm-service'
      ? await restoreService(docker, { ...step, lab: target.lab })
      : await endLab(docker, step);
  } catch (error) {
    return { outcome: 'left', detail: `${step.endpoint}: ${reasonOf(error)}` };
  } finally {
    destroy();
  }
}

/**
 * Puts the limits of a lab's service back as they were, which is all that is ever changed of it; it is read again after
 * that, and only an equal one is clean. A service that is not labelled as the lab's is left alone.
 */
export async function restoreService(
  docker: Docker,
  step: Pick<ServiceStep, 'service' | 'name' | 'spec'> & { readonly lab: string },
): Promise<StepVerdict> {
  const now = await specOf(docker, step.service);
  if (now === null) return { outcome: 'target gone', detail: `service ${step.name} is gone` };
  if (labOf(now) !== step.lab)
    return { outcome: 'left', detail: `refused: service ${step.name} is none of lab ${step.lab}'s` };
  const differs = specDifference(now, step.spec);
  if (differs.length === 0) return { outcome: 'undone', detail: `service ${step.name} is as it was` };
  await changeSpec(docker, step.service, (spec) => withLimits(spec, limitsIn(step.spec)));
  const left = specDifference(await specOf(docker, step.service), step.spec);
  return left.length === 0
    ? { outcome: 'undone', detail: `service ${step.name}: ${differs.join(', ')} put back` }
    : { outcome: 'left', detail: `service ${step.name} still differs: ${left.join(', ')}` };
}

const labOf = ({ Labels }: ServiceSpec): string | undefined =>
  (Labels as Readonly<Record<string, string>> | undefined)?.[LAB_LABEL];

async function endLab(docker: Docker, step: LabStep): Promise<StepVerdict> {
  const left = await removeLabelled(docker, step.lab);
  if (left.length > 0) return { outcome: 'left', detail: left.join('; ') };
  const still = step.made === null ? null : await endSwarm(docker, step.lab, step.made);
  if (still !== null) return { outcome: 'left', detail: still };
  const swarm = step.made === null ? '' : ', and the swarm that was made for it is ended';
  return { outcome: 'undone', detail: `lab ${step.lab} is removed${swarm}` };
}
