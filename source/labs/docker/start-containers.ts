import type Docker from 'dockerode';
import type { Container } from 'dockerode';
import { reasonOf, statusOf } from '../../engines/docker/link/deadline.js';
import { containerOptions, type LabPlan } from './container-options.js';
import { MEMBERS } from './members.js';
import { chooseNames, type LabNames, suffixed } from './names.js';

/**
 * Makes and starts every container of a lab, all at once; says by which names. Another lab may take the plain names
 * meanwhile: then each gets this lab's id behind its own. Rejects with the first trouble, once all have ended.
 */
export async function startContainers(
  docker: Docker,
  plan: LabPlan,
  signal?: AbortSignal,
): Promise<LabNames> {
  let names = await chooseNames(docker, plan.id);
  let made = await createAll(docker, plan, names);
  if (made.some(isConflict)) {
    await Promise.all(made.flatMap((one) => ('id' in one ? [one.remove({ force: true })] : [])));
    names = suffixed(plan.id);
    made = await createAll(docker, plan, names);
  }
  signal?.throwIfAborted();
  await allEnded(
    made.map(async (one, i) => {
      if (one instanceof Error) throw told(MEMBERS[i]?.name, 'be made', one);
      await one.start().catch((error) => {
        throw told(MEMBERS[i]?.name, 'be started', error);
      });
    }),
  );
  return names;
}

const createAll = (docker: Docker, plan: LabPlan, names: LabNames): Promise<(Container | Error)[]> =>
  Promise.all(
    MEMBERS.map((member) =>
      docker
        .createContainer(containerOptions(plan, member, names(member.name)))
        .catch((error: Error) => error),
    ),
  );

/** The daemon answers 409 for a name that is in use (Engine API, POST /containers/create). */
const isConflict = (made: Container | Error): boolean => made instanceof Error && statusOf(made) === 409;

const told = (name: string | undefined, what: string, error: unknown): Error =>
  new Error(`${name} could not ${what}: ${reasonOf(error)}`, { cause: error });

/** Waits for all, so that nothing starts behind the clean-up. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(work)) if (end.status === 'rejected') throw end.reason;
}
