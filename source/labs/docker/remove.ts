import type Docker from 'dockerode';
import { removeLabelled } from '../../engines/docker/swarm/labelled.js';
import type { ProcessIdentity } from '../../linux/process/identity.js';
import { isOrphaned, LAB_LABEL, ownerOf } from './labels.js';

/** A lab as its daemon knows it. */
export interface FoundLab {
  readonly id: string;
  readonly containers: readonly { readonly name: string; readonly state: string }[];
  readonly networks: readonly string[];
  readonly owner: ProcessIdentity | null;
  /** Its console is known to be gone. */
  readonly orphaned: boolean;
}

/** Every lab of ours on a daemon, whoever started it. */
export async function findLabs(docker: Docker): Promise<readonly FoundLab[]> {
  const filters = { label: [LAB_LABEL] };
  const [containers, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
  ]);
  const parts = [...containers, ...networks].map(({ Labels }) => Labels ?? {});
  const ids = new Set(parts.map((labels) => labels[LAB_LABEL] as string));
  return [...ids].sort().map((id) => {
    const own = parts.filter((labels) => labels[LAB_LABEL] === id);
    return {
      id,
      containers: containers
        .filter(({ Labels }) => Labels[LAB_LABEL] === id)
        .map(({ Names, Id, State }) => ({ name: Names[0]?.slice(1) ?? Id.slice(0, 12), state: State }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      networks: networks.filter(({ Labels }) => Labels?.[LAB_LABEL] === id).map(({ Name }) => Name),
      owner: own.map(ownerOf).find((owner) => owner !== null) ?? null,
      orphaned: own.length > 0 && own.every(isOrphaned),
    };
  });
}

export interface RemovedLab {
  readonly lab: FoundLab;
  /** What is left, one line each; empty is clean. */
  readonly left: readonly string[];
}

/** Removes labs, containers and networks. Rejects when the daemon cannot be asked. */
export const removeLabs = (docker: Docker, labs: readonly FoundLab[]): Promise<readonly RemovedLab[]> =>
  Promise.all(labs.map(async (lab) => ({ lab, left: await removeLabelled(docker, lab.id) })));

/** Removes the labs of this host whose console has died. */
export async function reapDeadDockerLabs(docker: Docker): Promise<readonly RemovedLab[]> {
  return removeLabs(
    docker,
    (await findLabs(docker)).filter(({ orphaned }) => orphaned),
  );
}
