import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import type { Edge } from '../../probes/matrix/edges/wanted-edges.js';

/** Names asked for one container beside those given: each is two queries a round, and more where suffixes are tried. */
const MOST_NAMES = 4;

export type Named = Pick<DockerContainer, 'name' | 'composeProject' | 'composeService' | 'networks'>;

/** What is known of a container's lookups beside its connections. */
export interface SeenToAsk {
  /** Names that it was seen to ask for, as its applications write them. */
  readonly names: readonly string[];
  /** Whether its lookups were seen to wait for seconds. */
  readonly waits: boolean;
  /** Whether it asks Docker's resolver, which knows every container by name. */
  readonly byDocker: boolean;
}

/**
 * Names that a container's applications ask for, as far as that can be told without reading its environment: those that
 * it was seen to ask for, and those of the containers it needs, under which its networks know them. Of one whose
 * lookups wait before any of that was seen its own name is asked: Docker's resolver knows it for sure.
 */
export function lookupNames(
  container: Named,
  edges: readonly Edge[],
  containers: ReadonlyMap<string, Named>,
  { names, waits, byDocker }: SeenToAsk,
): string[] {
  const needed = edges
    .filter(({ source, because }) => source === container.name && because !== 'shared-network')
    .flatMap(({ container: target }) => containers.get(target ?? '') ?? []);
  const known = [...new Set([...needed.map((target) => nameFor(container, target)), ...names])];
  return known.length === 0 && waits && byDocker ? [container.name] : known.slice(0, MOST_NAMES);
}

/** Within a compose project a service goes by its own name; Docker's resolver knows every container by its. */
function nameFor(asker: Named, target: Named): string {
  const inProject = target.composeProject !== null && target.composeProject === asker.composeProject;
  const service = target.composeService;
  const known = target.networks.some(({ aliases }) => service !== null && aliases?.includes(service));
  return inProject && service !== null && known ? service : target.name;
}
