import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  descendantsOf,
  identityOf,
  isStopped,
  type ProcessIdentity,
  signalProcess,
} from '../../linux/process/identity.js';
import type { EngineEvent, EngineLogLine, LastExit, Workload, WorkloadState } from '../engine.js';
import { ControlChannel } from './control-channel.js';
import { endProcesses } from './end-processes.js';
import { exitMeaning } from './exit-meaning.js';
import type { LabGuard } from './lab-guard.js';
import { LogRing } from './log-ring.js';
import type { ServicePort, ServiceSpec } from './service-spec.js';
import { spawnFailure, spawnService } from './spawn-service.js';

/** What a service needs from its engine. */
export interface ServiceHost {
  readonly guard: Pick<LabGuard, 'track' | 'tempDir'>;
  event(event: EngineEvent): void;
  line(line: EngineLogLine): void;
}

interface Running {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
  readonly exited: Promise<void>;
  readonly control: ControlChannel | null;
}

/** One child process over all its lives. Calls are made one at a time by the engine, `kill` and `pause` excepted. */
export class Service {
  readonly spec: ServiceSpec;
  readonly #host: ServiceHost;
  readonly #log = new LogRing();
  #ports: readonly ServicePort[];
  #running: Running | null = null;
  #state: WorkloadState = 'exited';
  #startedAt: number | null = null;
  #starts = 0;
  #lastExit: LastExit | null = null;
  /** Settles the present start: with nothing once ready, with an Error when it will never be. */
  #settleStart: ((error?: Error) => void) | null = null;

  constructor(spec: ServiceSpec, host: ServiceHost) {
    this.spec = spec;
    this.#host = host;
    this.#ports = spec.ports;
  }

  snapshot(): Workload {
    return {
      name: this.spec.name,
      state: this.#presentState(),
      pid: this.#running?.identity.pid ?? null,
      startedAt: this.#startedAt,
      restarts: Math.max(0, this.#starts - 1),
      lastExit: this.#lastExit,
      ports: this.#ports,
    };
  }

  /** Anyone may freeze or thaw a process behind the engine's back (`faultline undo` does); the kernel knows. */
  #presentState(): WorkloadState {
    const stopped = this.#running === null ? null : isStopped(this.#running.identity.pid);
    if (stopped === true && this.#state === 'running') return 'paused';
    if (stopped === false && this.#state === 'paused') return 'running';
    return this.#state;
  }

  tail(): readonly EngineLogLine[] {
    return this.#log.tail();
  }

  /** Pid and start time of the present life, or null. */
  identity(): ProcessIdentity | null {
    return this.#running?.identity ?? null;
  }

  /** Resolves once it serves. Rejects when it runs already, cannot be spawned, ends early, or is not ready in time. */
  async start(): Promise<void> {
    if (this.#running !== null) throw new Error(`${this.spec.name} is already ${this.#state}`);
    const ready = new Promise<void>((resolve, reject) => {
      this.#settleStart = (error) => (error ? reject(error) : resolve());
    });
    const timer = setTimeout(() => {
      this.#settleStart?.(new Error(`${this.spec.name} was not ready within ${this.spec.readyTimeoutMs} ms`));
    }, this.spec.readyTimeoutMs);
    try {
      this.#spawn();
      await ready;
      if (this.#state === 'starting') this.#state = 'running';
    } catch (error) {
      await this.#end(this.spec.stopSignal);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#settleStart = null;
    }
  }

  /** Asks it to end, thaws it if frozen, kills it after its stop timeout. Resolves when it is gone, at once if it is not there. */
  async stop(): Promise<void> {
    if (this.#running === null) return;
    this.#state = 'stopping';
    await this.#end(this.spec.stopSignal);
    this.#tell('stop', `asked with ${this.spec.stopSignal}`);
  }

  async kill(): Promise<void> {
    if (this.#running === null) throw new Error(`${this.spec.name} is not running`);
    this.#tell('kill', 'SIGKILL');
    await this.#end('SIGKILL');
  }

  /** Freezes it and all that descends from it. */
  async pause(): Promise<void> {
    const pid = this.#signalFamily('SIGSTOP');
    await untilStopped(pid, true);
    this.#state = 'paused';
    this.#tell('pause', 'SIGSTOP');
  }

  async unpause(): Promise<void> {
    const pid = this.#signalFamily('SIGCONT');
    await untilStopped(pid, false);
    if (this.#state === 'paused') this.#state = this.#settleStart === null ? 'running' : 'starting';
    this.#tell('unpause', 'SIGCONT');
  }

  /** Asks the service something over its control channel. Rejects when it is not there or silent for 500 ms. */
  request(kind: string, value?: unknown): Promise<unknown> {
    const control = this.#running?.control;
    return control
      ? control.request(kind, value)
      : Promise.reject(new Error(`${this.spec.name} is not running`));
  }

  /** Ends the present life with one signal, SIGKILL after the stop timeout. */
  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    const left = await endProcesses([{ ...running.identity, stopSignal: signal }], this.spec.stopTimeoutMs);
    if (left.length > 0) throw new Error(`${this.spec.name} (pid ${running.identity.pid}) does not end`);
    await running.exited;
  }

  #spawn(): void {
    const { guard } = this.#host;
    const take = (stream: EngineLogLine['stream'], text: string): void => this.#line(stream, text);
    const child = spawnService(this.spec, guard.tempDir, this.#ports, take);
    child.on('error', (error) => this.#settleStart?.(spawnFailure(this.spec, guard.tempDir, error)));
    if (child.pid === undefined) return;
    const forget = guard.track(this.spec.name, child.pid, this.spec.stopSignal);
    const exited = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        forget();
        this.#died(code, signal);
        resolve();
      });
    });
    const control =
      this.spec.readiness.by === 'message'
        ? new ControlChannel(this.spec.name, child, (ports) => this.#ready(ports))
        : null;
    this.#running = { child, identity: identityOf(child.pid), exited, control };
    this.#state = 'starting';
    this.#startedAt = Date.now();
    this.#starts += 1;
    this.#tell('start', `pid ${child.pid}`);
  }

  #ready(ports: readonly ServicePort[]): void {
    if (ports.length > 0) this.#ports = ports;
    this.#settleStart?.();
  }

  #line(stream: EngineLogLine['stream'], text: string): void {
    const line = { workload: this.spec.name, at: Date.now(), stream, text };
    this.#log.push(line);
    this.#host.line(line);
    const { readiness } = this.spec;
    if (this.#settleStart !== null && readiness.by === 'line' && readiness.pattern.test(text))
      this.#ready([]);
  }

  #died(code: number | null, signal: string | null): void {
    const meaning = exitMeaning(code, signal);
    this.#lastExit = { code, signal, at: Date.now(), meaning };
    this.#running = null;
    this.#state = 'exited';
    this.#tell('die', meaning);
    const last = this.#log.tail().findLast(({ text }) => text.trim() !== '')?.text;
    this.#settleStart?.(
      new Error(
        `${this.spec.name} ended before it was ready: ${meaning}${last ? `; its last line: ${last}` : ''}`,
      ),
    );
  }

  #signalFamily(signal: NodeJS.Signals): number {
    const identity = this.#running?.identity;
    if (identity === undefined) throw new Error(`${this.spec.name} is not running`);
    for (const member of [identity, ...descendantsOf(identity.pid)]) signalProcess(member, signal);
    return identity.pid;
  }

  #tell(action: string, detail: string): void {
    this.#host.event({ at: Date.now(), workload: this.spec.name, action, detail });
  }
}

/** Stopping and thawing take the kernel a moment; waits for it, 200 ms at most. */
async function untilStopped(pid: number, wanted: boolean): Promise<void> {
  const end = performance.now() + 200;
  while (isStopped(pid) === !wanted && performance.now() < end) await sleep(5);
}
