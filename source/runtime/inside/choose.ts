import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import { TARGET_LABEL } from '../../faults/observe/target.js';

/** Containers looked into at most: each costs some milliseconds every few seconds. */
export const MOST_WATCHED = 30;

/** Containers of one network, looked into once. */
export interface Watched {
  /** Whose name it goes by: the owner of the network. */
  readonly name: string;
  readonly pid: number | null;
  /** Who else sees the same. */
  readonly sharedWith: readonly string[];
}

export interface Choice {
  readonly watched: readonly Watched[];
  /** Running containers that are not looked into. */
  readonly left: number;
}

export type Choosable = Pick<DockerContainer, 'id' | 'name' | 'pid' | 'state' | 'labels' | 'networkMode'>;

/**
 * Which containers to look into: targets of faults first, then those that are looked into already, then the busiest. `networkOf`
 * names the network that a process is in (undefined when that may not be seen), `busyness` its count of sockets.
 */
export function chooseContainers(
  containers: readonly Choosable[],
  before: ReadonlySet<string>,
  facts: {
    readonly networkOf: (pid: number) => string | undefined;
    readonly busyness: (pid: number) => number;
  },
  most = MOST_WATCHED,
): Choice {
  const running = containers.filter(({ state }) => isThere(state));
  const groups = byNetwork(running, facts.networkOf);
  const rank = ([first]: readonly Choosable[]): number =>
    !first ? 3 : isTarget(first) ? 0 : before.has(first.name) ? 1 : 2;
  const busy = ([first]: readonly Choosable[]): number =>
    groups.length > most && first?.pid != null ? facts.busyness(first.pid) : 0;
  const ordered = groups
    .map((group) => ({ group, rank: rank(group), busy: rank(group) === 2 ? busy(group) : 0 }))
    .sort((a, b) => a.rank - b.rank || b.busy - a.busy)
    .map(({ group }) => group);
  const chosen = ordered.slice(0, most);
  return {
    watched: chosen.flatMap(([first, ...rest]) =>
      first ? [{ name: first.name, pid: first.pid, sharedWith: rest.map(({ name }) => name) }] : [],
    ),
    left: running.length - chosen.reduce((sum, group) => sum + group.length, 0),
  };
}

function isThere(state: DockerContainer['state']): boolean {
  return state === 'running' || state === 'starting' || state === 'paused';
}

/** Whoever started it lets faults be caused in it: what those do is to be seen. */
function isTarget({ labels }: Choosable): boolean {
  return labels[TARGET_LABEL] === 'true';
}

/** The one whose network it is comes first in its group, else the first by name. */
function byNetwork(
  containers: readonly Choosable[],
  networkOf: (pid: number) => string | undefined,
): Choosable[][] {
  const groups = new Map<string, Choosable[]>();
  for (const container of [...containers].sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1))) {
    const network = container.pid === null ? undefined : networkOf(container.pid);
    const key = network ?? joined(container) ?? container.id;
    groups.set(key, [...(groups.get(key) ?? []), container]);
  }
  return [...groups.values()];
}

/** Id of the container whose network it is in, where Docker says so. */
function joined({ networkMode }: Choosable): string | undefined {
  return networkMode.startsWith('container:') ? networkMode.slice('container:'.length) : undefined;
}

function order({ networkMode }: Choosable): number {
  return networkMode.startsWith('container:') ? 1 : 0;
}
