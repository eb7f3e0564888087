import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { isDeadline, reasonOf, withDeadline } from '../../engines/docker/link/deadline.js';
import { CALL_MS, isGone } from '../agent/toolbox.js';

/** Whoever puts this label on a container allows faults in it. */
export const TARGET_LABEL = 'faultline.target';

/** What the daemon says of a container now; null when there is none. Rejects with a reason for a person. */
export async function inspectTarget(docker: Docker, name: string): Promise<ContainerInspectInfo | null> {
  try {
    return await withDeadline(CALL_MS, (abortSignal) => docker.getContainer(name).inspect({ abortSignal }));
  } catch (error) {
    if (isGone(error)) return null;
    if (isDeadline(error)) throw new Error(`Docker did not tell of ${name} within ${CALL_MS / 1_000} s`);
    throw new Error(`Docker cannot tell of ${name}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Throws with the next step unless faults are allowed in this container. */
export function assertAllowed(info: ContainerInspectInfo, confirmed: boolean): void {
  if (confirmed || info.Config.Labels?.[TARGET_LABEL] === 'true') return;
  throw new Error(
    `${info.Name.replace(/^\//, '')} is not a target: start it with --label ${TARGET_LABEL}=true, ` +
      'or confirm it by typing its name',
  );
}

/** Only the network and processes of a running container can be joined; a paused one runs, too. */
export const canBeJoined = ({ State }: ContainerInspectInfo): boolean => State.Running && !State.Restarting;
