import type { LastExit } from '../../engine.js';
import { containerExitMeaning } from './container-exit.js';
import type { ContainerNetwork, DockerContainer } from './docker-container.js';
import type { ContainerDetails, ListedContainer } from './from-daemon.js';

/** One container over all its lives: what the daemon says now, and what its events told. */
export class ContainerRecord {
  #listed: ListedContainer;
  #details: ContainerDetails | null = null;
  #restarts = 0;
  #oomKills = 0;
  #oomInThisLife = false;
  #pastOoms = 0;
  #cleanedUp = false;
  #lastWords: string | undefined;
  #signal: number | null = null;
  #lastExit: LastExit | null = null;
  #shown: DockerContainer | undefined;
  /** The last address it had in each network. */
  readonly #addresses = new Map<string, string>();

  constructor(listed: ListedContainer) {
    this.#listed = listed;
  }

  get listed(): ListedContainer {
    return this.#listed;
  }

  get detailed(): boolean {
    return this.#details !== null;
  }

  /** A row of the daemon's list. */
  list(listed: ListedContainer): void {
    this.#listed = listed;
    this.#shown = undefined;
  }

  /** An inspection. A start that no event told of counts as a restart; so do those that Docker's own policy made. */
  inspect(details: ContainerDetails): void {
    const before = this.#details;
    const again = before?.startedAt != null && details.startedAt !== before.startedAt;
    this.#restarts = Math.max(this.#restarts + (again ? 1 : 0), details.restartCount);
    this.#details = details;
    this.#listed = details;
    for (const { name, address } of details.networks)
      if (address !== null) this.#addresses.set(name, address);
    if (details.oomKilled && this.#oomKills === 0) this.#oomKills = 1;
    this.#settleExit(details);
    this.#shown = undefined;
  }

  oom(): void {
    this.#oomKills += 1;
    this.#oomInThisLife = true;
    this.#shown = undefined;
  }

  /** One of before the daemon was met: an inspection may have told of it. */
  pastOom(): void {
    this.#pastOoms += 1;
    this.#oomKills = Math.max(this.#oomKills, this.#pastOoms);
    this.#oomInThisLife = true;
    this.#shown = undefined;
  }

  /** The line of its output that says why it ended. */
  lastSaid(line: string | undefined): void {
    this.#lastWords = line;
    this.#shown = undefined;
  }

  /** Its engine put away what a start had made; of one that never ran, that start came to nothing (Podman). */
  cleanedUp(): void {
    this.#cleanedUp = true;
    this.#shown = undefined;
  }

  started(): void {
    this.#oomInThisLife = false;
    this.#signal = null;
  }

  signalled(signal: number): void {
    // A stop is SIGTERM first and SIGKILL when that did not help: what was asked for is the first.
    this.#signal ??= signal;
  }

  died(code: number | null, at: number): LastExit {
    this.#lastExit = this.#exit(code, at, false, this.#details?.error ?? '');
    this.#shown = undefined;
    return this.#lastExit;
  }

  /** What an inspection tells of an end whose event was not seen, and what it adds to one that was. */
  #settleExit({ finishedAt, exitCode, oomKilled, error, startedAt }: ContainerDetails): void {
    if (exitCode !== null && (finishedAt !== null || error !== '')) {
      this.#lastExit = this.#exit(exitCode, finishedAt ?? Date.now(), oomKilled, error);
    } else if (this.#lastExit === null && finishedAt !== null && finishedAt !== startedAt) {
      this.#lastExit = this.#exit(null, finishedAt, false, '');
    }
  }

  #exit(code: number | null, at: number, oomKilled: boolean, error: string): LastExit {
    const meaning = containerExitMeaning({
      code,
      oom: oomKilled || this.#oomInThisLife,
      memoryLimitBytes: this.#details?.limits.memoryBytes ?? null,
      askedBySignal: this.#signal,
      error,
    });
    return { code, signal: null, at, meaning };
  }

  /** As it is shown: the same object until something changes. */
  snapshot(): DockerContainer {
    this.#shown ??= this.#build();
    return this.#shown;
  }

  #build(): DockerContainer {
    const details = this.#details;
    // What `docker compose run` makes bears the service's label and is none of its replicas.
    const group = isOneOff(this.#listed) ? null : this.#listed.composeService;
    return {
      ...this.#pick(),
      networks: this.#networks(),
      // The list may know of an end before the details do.
      pid: this.#listed.state === 'exited' ? null : (details?.pid ?? null),
      startedAt: details?.startedAt ?? null,
      restarts: this.#restarts,
      lastExit: this.#lastExit,
      limits: details?.limits ?? { memoryBytes: null, cpus: null, pids: null },
      restartPolicy: details?.restartPolicy ?? 'no',
      oomKills: this.#oomKills,
      tty: details?.tty ?? false,
      detailed: details !== null,
      ...this.#more(),
      ...(group === null ? {} : { group }),
    };
  }

  /** What most containers do not have. */
  #more(): Partial<DockerContainer> {
    const { createdAt = null, autoRemove = false, check = null } = this.#details ?? {};
    const error = this.#startError();
    return {
      ...(createdAt === null ? {} : { createdAt }),
      ...(error === '' || this.#listed.state === 'running' ? {} : { startError: error }),
      ...(autoRemove || isOneOff(this.#listed) ? { isTask: true } : {}),
      ...(check === null || this.#listed.health !== 'unhealthy' ? {} : { check }),
      ...(this.#lastWords === undefined ? {} : { lastWords: this.#lastWords }),
    };
  }

  /** Why it could not be started; empty where it could, or nobody tried. */
  #startError(): string {
    const { error = '', startedAt = null } = this.#details ?? {};
    const cameToNothing = this.#cleanedUp && startedAt === null && this.#listed.status === 'created';
    return error === '' && cameToNothing ? UNTOLD_START_ERROR : error;
  }

  /** Docker forgets the address of a container that stopped; who asks what stood there does not. */
  #networks(): readonly ContainerNetwork[] {
    return this.#listed.networks.map((network) => {
      const former = network.address === null ? this.#addresses.get(network.name) : undefined;
      return former === undefined ? network : { ...network, formerAddress: former };
    });
  }

  #pick(): ListedContainer {
    const { id, name, status, state, health, image, labels, composeProject } = this.#listed;
    const { composeService, networks, networkMode, publishedPorts, ports } = this.#listed;
    return {
      ...{ id, name, status, state, health, image, labels, composeProject },
      ...{ composeService, networks, networkMode, publishedPorts, ports },
    };
  }
}

/** Podman 4 keeps no word of why a start failed: who asked for it is told, and nobody else (measured with 4.3). */
const UNTOLD_START_ERROR = 'its engine does not keep why';

/** Label of compose on what `docker compose run` makes; it writes `True` (compose pkg/api/labels.go, OneoffLabel). */
const ONE_OFF = 'com.docker.compose.oneoff';

const isOneOff = ({ labels }: ListedContainer): boolean => labels[ONE_OFF]?.toLowerCase() === 'true';
