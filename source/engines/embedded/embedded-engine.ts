import type { ProcessIdentity } from '../../linux/process/identity.js';
import type { Engine, EngineEvent, EngineLogLine, Workload } from '../engine.js';
import type { LabGuard } from './lab-guard.js';
import { Service } from './service.js';
import type { ServiceSpec } from './service-spec.js';

/**
 * Runs child processes as if they were containers. Nothing restarts by itself: what happens to a service is what a
 * person or a fault did. Everything spawned is tracked by the guard, which ends it should the console die.
 */
export class EmbeddedEngine implements Engine {
  readonly kind = 'embedded';
  readonly #guard: LabGuard;
  readonly #services = new Map<string, Service>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #eventListeners = new Set<(event: EngineEvent) => void>();
  readonly #logListeners = new Set<(line: EngineLogLine) => void>();
  #closing: Promise<void> | undefined;

  constructor(guard: LabGuard) {
    this.#guard = guard;
  }

  /** Makes a service known; it is listed as exited until it is started. Throws on a name that is taken. */
  add(spec: ServiceSpec): void {
    if (this.#services.has(spec.name)) throw new Error(`there is already a service ${spec.name}`);
    const service = new Service(spec, {
      guard: this.#guard,
      event: (event) => {
        for (const listener of this.#eventListeners) listener(event);
      },
      line: (line) => {
        for (const listener of this.#logListeners) listener(line);
      },
    });
    this.#services.set(spec.name, service);
  }

  /** Stops a service and forgets it, its log included. Does nothing for a name that is not known. */
  async remove(name: string): Promise<void> {
    if (!this.#services.has(name)) return;
    await this.stop(name);
    this.#services.delete(name);
    this.#turns.delete(name);
  }

  /** Names the lab in manifests and journal entries. */
  get labId(): string {
    return this.#guard.id;
  }

  has(name: string): boolean {
    return this.#services.has(name);
  }

  list(): readonly Workload[] {
    return [...this.#services.values()].map((service) => service.snapshot());
  }

  /** Pid and start time of a running service, or null. */
  identity(name: string): ProcessIdentity | null {
    return this.#service(name).identity();
  }

  start(name: string): Promise<void> {
    return this.#inTurn(name, (service) => {
      if (this.#closing !== undefined) throw new Error('the lab is closing');
      return service.start();
    });
  }

  stop(name: string): Promise<void> {
    return this.#inTurn(name, (service) => service.stop());
  }

  /** Stops and starts it on the same port; starts it when it was not running. */
  restart(name: string): Promise<void> {
    return this.#inTurn(name, async (service) => {
      await service.stop();
      if (this.#closing !== undefined) throw new Error('the lab is closing');
      await service.start();
    });
  }

  async kill(name: string): Promise<void> {
    await this.#service(name).kill();
  }

  async pause(name: string): Promise<void> {
    await this.#service(name).pause();
  }

  async unpause(name: string): Promise<void> {
    await this.#service(name).unpause();
  }

  /** A control message to a service and its answer. Rejects when it is not running or silent for 500 ms. */
  async request(name: string, kind: string, value?: unknown): Promise<unknown> {
    return this.#service(name).request(kind, value);
  }

  logs(name: string): readonly EngineLogLine[] {
    return this.#service(name).tail();
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  onLog(listener: (line: EngineLogLine) => void): () => void {
    this.#logListeners.add(listener);
    return () => this.#logListeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  /** Services end side by side and past their turns: one that is just starting is ended too. */
  async #end(): Promise<void> {
    await Promise.allSettled([...this.#services.values()].map((service) => service.stop()));
    await Promise.allSettled([...this.#turns.values()]);
    await this.#guard.close();
  }

  #service(name: string): Service {
    const service = this.#services.get(name);
    if (service !== undefined) return service;
    throw new Error(`there is no service "${name}"; there are: ${[...this.#services.keys()].join(', ')}`);
  }

  /** One start, stop or restart of a service at a time, in the order asked for. */
  async #inTurn(name: string, work: (service: Service) => Promise<void>): Promise<void> {
    const service = this.#service(name);
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(
      () => work(service),
      () => work(service),
    );
    this.#turns.set(name, turn);
    await turn;
  }
}
