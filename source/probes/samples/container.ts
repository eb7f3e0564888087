/** What a container has besides what every service has. */

import type {
  ContainerHealth,
  ContainerLimits,
  ContainerNetwork,
  PublishedPort,
} from '../../engines/docker/containers/docker-container.js';

/** CFS bandwidth control since the cgroup was made: of `periods`, in how many it was held back, and for how long. */
export interface Throttling {
  readonly periods: number;
  readonly throttledPeriods: number;
  readonly throttledMs: number;
}

export interface ContainerFacts {
  /** Full id. */
  readonly id: string;
  readonly image: string;
  /** Docker's own word for its state. */
  readonly status: string;
  readonly health: ContainerHealth;
  readonly restartPolicy: string;
  readonly composeProject: string | null;
  readonly networks: readonly ContainerNetwork[];
  readonly publishedPorts: readonly PublishedPort[];
  readonly limits: ContainerLimits;
  /** Processes and threads, or null when unknown. */
  readonly pids: number | null;
  /** Null when it has no quota or this is unknown. */
  readonly throttling: Throttling | null;
  /** OOM kills in its cgroup since it was made, of any of its processes; null when unknown. */
  readonly oomKills: number | null;
}
