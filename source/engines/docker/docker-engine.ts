import type Docker from 'dockerode';
import { type Clock, systemClock } from '../../clock.js';
import type { Engine, EngineEvent, EngineLogLine } from '../engine.js';
import type { Verb } from '../verbs.js';
import { act } from './containers/container-actions.js';
import type { ContainerRecord } from './containers/container-record.js';
import type { DockerContainer } from './containers/docker-container.js';
import { ShownContainers } from './containers/shown-containers.js';
import { type Resolved, troubleText } from './endpoint/endpoint.js';
import { realSurroundings, resolveEndpoint } from './endpoint/resolve-endpoint.js';
import { KnownContainers } from './known-containers.js';
import type { Availability } from './link/availability.js';
import { DaemonLink } from './link/daemon-link.js';

export interface DockerEngineOptions {
  /** A Docker host as people write it; absent: what the environment, the contexts and the system say. */
  readonly host?: string;
  readonly resolve?: () => Resolved;
  readonly clock?: Clock;
  /** Milliseconds between two pings of the daemon (default 5,000). */
  readonly heartbeatMs?: number;
  /** Milliseconds between two listings that look for what no event told (default 30,000). */
  readonly reconcileMs?: number;
  /** Only containers with this label and value are known: a lab's own, on a daemon that has others. */
  readonly label?: readonly [name: string, value: string];
}

/**
 * Containers of a Docker daemon, kept up to date by its events. Starts to look for the daemon at once and goes on
 * looking for as long as it lives: `availability` says whether it is there, and if not, what mends it. It owns
 * nothing: closing it changes no container.
 */
export class DockerEngine implements Engine {
  readonly kind = 'docker';
  readonly #known: KnownContainers;
  readonly #link: DaemonLink;
  readonly #reconcile: NodeJS.Timeout;
  readonly #eventListeners = new Set<(event: EngineEvent) => void>();
  readonly #logListeners = new Set<(line: EngineLogLine) => void>();
  readonly #availabilityListeners = new Set<(availability: Availability) => void>();
  readonly #shown = new ShownContainers();
  #closing: Promise<void> | undefined;

  constructor(options: DockerEngineOptions = {}) {
    const clock = options.clock ?? systemClock;
    this.#known = new KnownContainers({
      label: options.label,
      now: () => clock.now(),
      onEvent: (event) => {
        for (const listener of this.#eventListeners) listener(event);
      },
      onLine: (line) => {
        for (const listener of this.#logListeners) listener(line);
      },
    });
    this.#link = new DaemonLink({
      resolve: options.resolve ?? (() => resolveEndpoint(realSurroundings, options.host)),
      clock,
      heartbeatMs: options.heartbeatMs ?? 5_000,
      onConnected: (docker, product) => this.#known.takeStock(docker, product),
      onEvent: (event, past) => this.#known.take(event, past, this.#link.asked),
      onAvailability: (availability) => {
        for (const listener of this.#availabilityListeners) listener(availability);
      },
    });
    this.#reconcile = setInterval(
      () => void this.#known.lookAgain(this.#link.docker),
      options.reconcileMs ?? 30_000,
    );
    this.#link.start();
  }

  /** Whether the daemon can be asked now; with the reason and what mends it when not. */
  get availability(): Availability {
    return this.#link.availability;
  }

  trouble(): { readonly reason: string; readonly mend: string } | undefined {
    const { availability } = this;
    if (availability.state === 'available') return undefined;
    if (availability.state === 'connecting')
      return { reason: 'Docker has not answered yet', mend: 'docker version' };
    const { endpoint, what, mend } = availability.trouble;
    return { reason: `Docker at ${endpoint}: ${what}`, mend };
  }

  onAvailability(listener: (availability: Availability) => void): () => void {
    this.#availabilityListeners.add(listener);
    return () => this.#availabilityListeners.delete(listener);
  }

  /** The daemon's client for what this class does not do (images, networks, limits); null while it is not available. */
  get docker(): Docker | null {
    return this.#link.docker;
  }

  /** Resolves with the first verdict: available, or not and why. */
  async settled(): Promise<Availability> {
    if (this.availability.state !== 'connecting') return this.availability;
    return new Promise((resolve) => {
      const stop = this.onAvailability((availability) => {
        stop();
        resolve(availability);
      });
    });
  }

  /** By name, without containers of our own that look or keep a fault. While the daemon is away each is as last seen, with its state unknown. */
  list(): readonly DockerContainer[] {
    return this.#shown.list({
      records: this.#known.table.records(),
      outputTrouble: (id) => this.#known.logs.trouble(id),
      current: this.#link.availability.state === 'available',
    });
  }

  /** How many containers the daemon has listed, and of how many of them it has told the details. */
  stock(): { readonly listed: number; readonly detailed: number } {
    const all = [...this.#known.table.records()];
    return { listed: all.length, detailed: all.filter(({ detailed }) => detailed).length };
  }

  start(name: string): Promise<void> {
    return this.#act(name, 'start');
  }

  stop(name: string): Promise<void> {
    return this.#act(name, 'stop');
  }

  restart(name: string): Promise<void> {
    return this.#act(name, 'restart');
  }

  kill(name: string): Promise<void> {
    return this.#act(name, 'kill');
  }

  pause(name: string): Promise<void> {
    return this.#act(name, 'pause');
  }

  unpause(name: string): Promise<void> {
    return this.#act(name, 'unpause');
  }

  /** Its tail as far as it has come; asking begins to follow, and a minute without asking ends that. */
  logs(name: string): readonly EngineLogLine[] {
    return this.#known.logs.look(this.#link.docker, this.#find(name).snapshot());
  }

  /** Follows a container's output for `onLog` until the returned function is called. */
  follow(name: string): () => void {
    return this.#known.logs.hold(this.#link.docker, this.#find(name).snapshot());
  }

  /** Why a container's output cannot be read, in the daemon's words; null when it can, or nobody asked yet. */
  logTrouble(name: string): string | null {
    return this.#known.logs.trouble(this.#find(name).listed.id);
  }

  /** Lines of a container that came too fast to be handed to `onLog`. */
  untoldLines(name: string): number {
    return this.#known.logs.untold(this.#find(name).listed.id);
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  onLog(listener: (line: EngineLogLine) => void): () => void {
    this.#logListeners.add(listener);
    return () => this.#logListeners.delete(listener);
  }

  product(): string | undefined {
    const { availability } = this;
    return availability.state === 'available' ? availability.product : undefined;
  }

  /** What happened in the hour before the daemon was first met, oldest first; no listener is told of it. */
  past(): readonly EngineEvent[] {
    return this.#known.past;
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    clearInterval(this.#reconcile);
    this.#known.logs.close();
    await this.#link.close();
  }

  async #act(name: string, action: Verb): Promise<void> {
    const record = this.#find(name);
    const docker = this.#link.docker;
    if (docker === null) {
      const { availability } = this;
      const why =
        availability.state === 'unavailable' ? troubleText(availability.trouble) : 'not connected yet';
      throw new Error(`${name}: cannot ${action} it. ${why}`);
    }
    const { id, name: fullName } = record.listed;
    try {
      await act(docker, id, fullName, action);
    } finally {
      // What failed changed something, too: a container that could not be started says why.
      await this.#known.table.refresh(docker, id);
    }
  }

  #find(name: string): ContainerRecord {
    const record = this.#known.table.find(name);
    if (record === undefined) throw new Error(`there is no container "${name.slice(0, 200)}"`);
    return record;
  }
}
