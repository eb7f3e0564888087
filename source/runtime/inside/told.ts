import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import type { ConfiguredEdge } from '../../probes/matrix/edges/wanted-edges.js';
import type { WatchSettings } from '../../probes/watch-settings.js';

type Called = Pick<DockerContainer, 'name' | 'composeService'>;

/** Whether a word of the settings means a container: by its name, or by its compose service. */
const isMeant = (word: string, { name, composeService }: Called): boolean =>
  word === name || word === composeService;

/** Who needs whom by the settings, container by container. */
export function toldEdges(edges: WatchSettings['edges'], containers: readonly Called[]): ConfiguredEdge[] {
  const meant = (word: string): readonly Called[] => containers.filter((one) => isMeant(word, one));
  return edges.flatMap(({ source, target, port }) =>
    meant(source).flatMap((from) =>
      meant(target).map((to) => ({ source: from.name, target: to.name, port })),
    ),
  );
}

/** Names that a container's applications ask for by the settings. */
export function toldNames(names: WatchSettings['names'], container: Called): string[] {
  return names.flatMap(({ name, inside }) => (inside !== null && isMeant(inside, container) ? [name] : []));
}
