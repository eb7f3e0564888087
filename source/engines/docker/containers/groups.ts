import type { DockerContainer } from './docker-container.js';

/**
 * What each is a replica of stands for one set of replicas only: where two compose projects have a service of one
 * name, each is called `project/service`, so that a restart of the one never takes the other with it.
 */
export function qualifyGroups(containers: readonly DockerContainer[]): readonly DockerContainer[] {
  const projects = new Map<string, Set<string>>();
  for (const { group, composeProject } of containers) {
    if (group === undefined) continue;
    const known = projects.get(group);
    if (known === undefined) projects.set(group, new Set([composeProject ?? '']));
    else known.add(composeProject ?? '');
  }
  const ambiguous = (group: string): boolean => (projects.get(group)?.size ?? 0) > 1;
  if (![...projects.keys()].some(ambiguous)) return containers;
  return containers.map((container) => {
    const { group, composeProject } = container;
    if (group === undefined || composeProject === null || !ambiguous(group)) return container;
    return { ...container, group: `${composeProject}/${group}` };
  });
}
