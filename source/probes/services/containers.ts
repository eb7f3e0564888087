import type Docker from 'dockerode';
import type { Clock } from '../../clock.js';
import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import { shortIds } from '../../engines/docker/link/deadline.js';
import type { Workload } from '../../engines/engine.js';
import { fatalLine } from '../../engines/log-line.js';
import { sanitise } from '../../terminal/sanitise.js';
import type { ContainerFacts } from './container.js';
import { ContainerMeter, type Look } from './container-meter.js';
import { shownLabels } from './labels.js';
import { OwnCgroups } from './own-cgroups.js';
import { RemoteStats, STATS_INTERVAL_MS } from './remote-stats.js';

export interface ContainerUse {
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  readonly facts: ContainerFacts;
  /** `cgroup v1`, `cgroup v2`, `docker stats`; null for one that does not run or of which nothing is known. */
  readonly means: string | null;
}

/** Whether a workload is a container of Docker's. */
export function isContainer(workload: Workload): workload is DockerContainer {
  return 'publishedPorts' in workload;
}

/** Use of containers: their cgroup's files where they run on this host, else what their daemon says, more slowly. */
export class Containers {
  readonly #meter = new ContainerMeter();
  readonly #own: OwnCgroups;
  readonly #remote: RemoteStats;
  readonly #docker: () => Docker | null;

  constructor(docker: () => Docker | null, clock: Clock) {
    this.#docker = docker;
    this.#own = new OwnCgroups(clock);
    this.#remote = new RemoteStats(clock);
  }

  /** What one uses now; a line goes to `missing` where its figures come slower than they could. */
  use(container: DockerContainer, missing: string[]): ContainerUse {
    const { state, status } = container;
    const runs = state !== 'exited' && state !== 'unknown' && status !== 'restarting';
    const look = runs ? this.#look(container, missing) : undefined;
    const { cpuPercent, memoryBytes, ...measured } = this.#meter.figures(container, look);
    return { cpuPercent, memoryBytes, facts: { ...factsOf(container), ...measured }, means: meansOf(look) };
  }

  keepOnly(ids: ReadonlySet<string>): void {
    for (const book of [this.#meter, this.#own, this.#remote]) book.keepOnly(ids);
  }

  #look(container: DockerContainer, missing: string[]): Look | undefined {
    const own = this.#own.look(container);
    if (own !== undefined) return own;
    missing.push(
      container.pid === null
        ? `processes and open files of containers: no process of theirs is seen on this host; their use is asked of Docker every ${STATS_INTERVAL_MS / 1_000} s`
        : `cgroup files of containers: not mounted here; their use is asked of Docker every ${STATS_INTERVAL_MS / 1_000} s`,
    );
    return this.#remote.look(this.#docker(), container.id);
  }
}

const meansOf = (look: Look | undefined): string | null =>
  look === undefined ? null : look.own ? `cgroup v${look.reading.version}` : 'docker stats';

function factsOf(
  container: DockerContainer,
): Omit<ContainerFacts, keyof ReturnType<ContainerMeter['figures']>> {
  const { id, image, status, health, restartPolicy, composeProject, networks, publishedPorts } = container;
  const labels = shownLabels(container.labels);
  return {
    id,
    image,
    status,
    health,
    restartPolicy,
    composeProject,
    labels,
    networks,
    publishedPorts,
    ...extrasOf(container),
  };
}

/** What most containers do not have, made safe to draw. */
function extrasOf(container: DockerContainer): Partial<ContainerFacts> {
  const { createdAt, startError, isTask, check, lastWords, outputTrouble } = container;
  return {
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(startError === undefined ? {} : { startError: sanitise(shortIds(startError)) }),
    ...(isTask ? { isTask } : {}),
    ...(check === undefined
      ? {}
      : { check: { ...check, output: sanitise(fatalLine(check.output.split('\n')) ?? '') } }),
    ...(lastWords === undefined ? {} : { lastWords: sanitise(lastWords) }),
    ...(outputTrouble === undefined ? {} : { outputTrouble }),
  };
}
