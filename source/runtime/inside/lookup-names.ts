import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import type { Edge } from '../../probes/matrix/edges/wanted-edges.js';

/** Names asked for one container beside those given: each is two queries a round, and more where suffixes are tried. */
const MOST_NAMES = 4;

export type Named = Pick<DockerContainer, 'name' | 'composeProject' | 'composeService' | 'networks'>;

/**
 * Names that a container's applications ask for, as far as that can be told without reading its environment: those of
 * the containers it needs, under which its networks know them, and those of the targets that were asked for.
 */
export function lookupNames(
  container: Named,
  edges: readonly Edge[],
  containers: ReadonlyMap<string, Named>,
  targetHosts: readonly string[],
): string[] {
  const needed = edges
    .filter(({ source, because }) => source === container.name && because !== 'shared-network')
    .flatMap(({ container: target }) => containers.get(target ?? '') ?? []);
  return [...new Set([...needed.map((target) => nameFor(container, target)), ...targetHosts])].slice(
    0,
    MOST_NAMES,
  );
}

/** Within a compose project a service goes by its own name; Docker's resolver knows every container by its. */
function nameFor(asker: Named, target: Named): string {
  const inProject = target.composeProject !== null && target.composeProject === asker.composeProject;
  const service = target.composeService;
  const known = target.networks.some(({ aliases }) => service !== null && aliases?.includes(service));
  return inProject && service !== null && known ? service : target.name;
}
