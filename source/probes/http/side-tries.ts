import type { Socket } from 'node:net';
import { openTcp } from './connect.js';
import type { Progress, Task } from './progress.js';
import { answersTls, spokenTls } from './tls.js';

/** A server that would not have a request is tried for what it speaks for so long (ms), once. */
export const TRY_MS = 1_000;

/**
 * What a server is tried for besides the request, on a connection of its own, once each for as long as a target is
 * watched. The request's own connection is given up before: a server has one of ours at a time.
 */
export class SideTries {
  constructor(
    private readonly task: Task,
    private readonly progress: Progress,
    private readonly signal: AbortSignal,
  ) {}

  /** The version of TLS that it speaks to a client that takes every one; null where it speaks none. */
  async spokenTls(): Promise<string | null> {
    const { learnt, endpoint } = this.task;
    const { address } = this.progress;
    if (address !== null && learnt.speaks === undefined)
      learnt.speaks = await this.onItsOwn(address, null, (socket, signal) =>
        spokenTls(socket, endpoint.host, signal),
      );
    return learnt.speaks ?? null;
  }

  /**
   * Whether a server that was asked in the clear, and would not have it, speaks TLS: many close, some answer 400 (nginx,
   * Go). Whichever certificate it has.
   */
  async isTlsPort(): Promise<boolean> {
    const { learnt, endpoint, way, clock } = this.task;
    const { address } = this.progress;
    if (endpoint.secure || way.proxy || endpoint.socketPath !== null || address === null) return false;
    learnt.tls ??= await this.onItsOwn(address, false, (socket, signal) =>
      answersTls(socket, endpoint.host, { signal, now: clock.wall() }),
    );
    return learnt.tls;
  }

  private async onItsOwn<Found>(
    address: string,
    otherwise: Found,
    ask: (socket: Socket, signal: AbortSignal) => Promise<Found>,
  ): Promise<Found> {
    this.progress.socket?.destroy();
    try {
      const briefly = AbortSignal.any([this.signal, AbortSignal.timeout(TRY_MS)]);
      return await ask(await openTcp(address, this.task.endpoint.port, briefly), briefly);
    } catch {
      this.signal.throwIfAborted();
      return otherwise;
    }
  }
}
