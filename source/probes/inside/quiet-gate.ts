import { unmoved } from '../edges/unmoved.js';
import type { KernelSample } from '../kernel/sample.js';
import type { SocketCounters } from '../sockets/net-counters.js';
import type { InsideSockets } from './sample.js';

/** No TCP socket of a namespace changes its state without one of these moving. */
const MOVES = [
  'Tcp.ActiveOpens',
  'Tcp.PassiveOpens',
  'Tcp.AttemptFails',
  'Tcp.EstabResets',
  'Tcp.InSegs',
  'Tcp.OutSegs',
  'Tcp.RetransSegs',
  'Tcp.OutRsts',
] as const;

/** A quiet namespace is looked at again after so long (ms): what is idle gets older. */
const LONGEST_MS = 60_000;

/**
 * Spares a namespace in which nothing happened the dump of its sockets, which costs by the sockets of the whole host.
 * Every container on a Docker network has a listener (127.0.0.11), so that having any socket is no measure.
 */
export class QuietGate {
  private last: { readonly mark: string; readonly sockets: InsideSockets; readonly at: number } | undefined;

  /** What tells whether anything happened, taken before the dump; undefined when it cannot be told. */
  mark(
    pid: number,
    network: string | null,
    kernel: KernelSample | null,
    counters: SocketCounters | undefined,
  ): string | undefined {
    const moves = MOVES.map((name) => kernel?.counters[name] ?? null);
    return counters && !moves.includes(null) ? JSON.stringify([pid, network, counters, moves]) : undefined;
  }

  /** The sockets as they were, if they are still so. `now` is monotonic ms. */
  unchanged(mark: string | undefined, now: number): InsideSockets | undefined {
    const fits = mark !== undefined && this.last?.mark === mark && now - this.last.at < LONGEST_MS;
    return fits ? this.last?.sockets : undefined;
  }

  /**
   * accept() alone empties a queue, and timers move no counter: what waits for one is not kept. Of what is, nothing
   * was sent since.
   */
  keep(mark: string | undefined, sockets: InsideSockets, now: number): void {
    const { listeners, total, edges } = sockets;
    const waits = edges.list.some(({ stalled, zeroWindow, sendQueue, closeWait }) => {
      return stalled || zeroWindow || sendQueue || closeWait.count > (closeWait.old ?? 0);
    });
    const queued = listeners.some((one) => one.queued > 0);
    const settled = !queued && !waits && !total['SYN-RECV'] && !total['SYN-SENT'];
    this.last =
      mark !== undefined && settled
        ? { mark, sockets: { ...sockets, edges: unmoved(edges) }, at: now }
        : undefined;
  }
}
