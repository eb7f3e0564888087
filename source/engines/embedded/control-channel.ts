import type { ChildProcess } from 'node:child_process';
import type { ControlRequest, ServicePort } from './service-spec.js';

/** A service that does not answer a control message within this time is busy, frozen or gone. */
export const CONTROL_TIMEOUT_MS = 500;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Questions to one child and its answers, over the IPC channel that it was spawned with. */
export class ControlChannel {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(name: string, child: ChildProcess, onReady: (ports: readonly ServicePort[]) => void) {
    this.#name = name;
    this.#child = child;
    child.on('message', (message: Record<string, unknown>) => {
      if (message.ready === true) onReady((message.ports as ServicePort[] | undefined) ?? []);
      else if (typeof message.answer === 'number') this.#settle(message.answer, message);
    });
    child.once('exit', () => this.#fail('ended'));
    child.once('disconnect', () => this.#fail('closed its control channel'));
  }

  /** Rejects when the child is gone, refuses, or is silent for `CONTROL_TIMEOUT_MS`. */
  request(kind: string, value?: unknown): Promise<unknown> {
    this.#last += 1;
    const request: ControlRequest = { request: this.#last, kind, value };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(request.request);
        reject(new Error(`${this.#name} did not answer "${kind}" within ${CONTROL_TIMEOUT_MS} ms`));
      }, CONTROL_TIMEOUT_MS);
      this.#waiting.set(request.request, { resolve, reject, timer });
      if (!this.#child.connected) this.#fail('is not running');
      else this.#child.send(request, (error) => error && this.#fail('closed its control channel'));
    });
  }

  #settle(id: number, message: Record<string, unknown>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (typeof message.error === 'string') waiting.reject(new Error(`${this.#name}: ${message.error}`));
    else waiting.resolve(message.value);
  }

  #fail(why: string): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Error(`${this.#name} ${why}`));
    }
    this.#waiting.clear();
  }
}
