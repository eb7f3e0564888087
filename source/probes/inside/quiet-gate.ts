import type { KernelSample } from '../kernel/sample.js';
import { readSocketCounters } from '../sockets/net-counters.js';
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

/**
 * Spares a namespace in which nothing happened the dump of its sockets, which costs by the sockets of the whole host.
 * Every container on a Docker network has a listener (127.0.0.11), so that having any socket is no measure.
 */
export class QuietGate {
  private last: { readonly mark: string; readonly sockets: InsideSockets } | undefined;

  /** What tells whether anything happened, taken before the dump; undefined when it cannot be told. */
  mark(pid: number, network: string | null, kernel: KernelSample | null): string | undefined {
    const counters = readSocketCounters(`/proc/${pid}/net`);
    const moves = MOVES.map((name) => kernel?.counters[name] ?? null);
    return counters && !moves.includes(null) ? JSON.stringify([pid, network, counters, moves]) : undefined;
  }

  /** The sockets as they were, if they are still so. */
  unchanged(mark: string | undefined): InsideSockets | undefined {
    return mark !== undefined && this.last?.mark === mark ? this.last.sockets : undefined;
  }

  /** accept() alone empties a queue, and the last timer of a half-open one moves no counter: those are not kept. */
  keep(mark: string | undefined, sockets: InsideSockets): void {
    const settled = sockets.listeners.every(({ queued }) => queued === 0) && !sockets.total['SYN-RECV'];
    this.last = mark !== undefined && settled ? { mark, sockets } : undefined;
  }
}
