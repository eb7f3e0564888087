/** What a container has besides what every service has. */

import type {
  ContainerHealth,
  ContainerLimits,
  ContainerNetwork,
  FailingCheck,
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
  /** The first of its labels, made safe to draw, without those that compose writes for itself. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly networks: readonly ContainerNetwork[];
  readonly publishedPorts: readonly PublishedPort[];
  /** As its cgroup has them where that can be read, else as its daemon says. */
  readonly limits: ContainerLimits;
  /** Processes and threads, or null when unknown. */
  readonly pids: number | null;
  /** Null when it has no quota or this is unknown. */
  readonly throttling: Throttling | null;
  /** Percent of the periods since the look before in which it was held back; null without a quota or a look before. */
  readonly throttledPercent: number | null;
  /** OOM kills of any of its processes, over all its lives as far as they were seen; null when unknown. */
  readonly oomKills: number | null;
  /** When it was made, wall-clock ms. */
  readonly createdAt?: number;
  /** Why it could not be started the last time, in its daemon's words. */
  readonly startError?: string;
  /** Made for one task and gone after it: `docker compose run`, `docker run --rm`. */
  readonly isTask?: boolean;
  /** Present while its health check fails. */
  readonly check?: FailingCheck;
  /** The line of its output that says why it ended in error the last time. */
  readonly lastWords?: string;
  /** Why its output cannot be read; absent while it can. */
  readonly outputTrouble?: string;
}
