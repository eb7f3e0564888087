import type { LocalPorts } from '../../linux/proc-net/local-ports.js';
import type { SocketRow } from '../../linux/socket-row.js';
import type { SocketCounters } from './net-counters.js';
import type { PortUse } from './sample.js';

/** A network with fewer sockets is not looked at: nobody lives with so few ports. */
const LEAST_SOCKETS = 16;
/** Told of from this share of the ports on, the fullest ones only. */
const TOLD_FROM = 0.5;
const MOST_TOLD = 8;
/** Pairs told apart in one look. */
const MOST_PAIRS = 20_000;
/** A port in TIME-WAIT is given again after so long (ms), where it is at all; it lasts a minute (TCP_TIMEWAIT_LEN). */
const REUSED_AFTER_MS = 1_000;
const TIME_WAIT_MS = 60_000;

interface Pair {
  readonly source: string;
  readonly peer: string;
  readonly port: number;
  /** Seen in full tables, and in a sample of what those left out. */
  whole: number;
  sampled: number;
  timeWait: number;
}

/** Undefined where a network has too few sockets to have used up its ports towards anybody, or they cannot be told. */
export function portTally(
  counters: SocketCounters | undefined,
  readPorts: () => LocalPorts | undefined,
): PortTally | undefined {
  const sockets = counters
    ? counters.inuse4 + (counters.inuse6 ?? 0) + counters.timeWait
    : Number.POSITIVE_INFINITY;
  if (sockets < LEAST_SOCKETS) return undefined;
  const ports = readPorts();
  return ports && sockets >= TOLD_FROM * ports.count ? new PortTally(ports) : undefined;
}

/** Counts the local ports of one look by who is connected with them: the kernel has no counter of it. */
export class PortTally {
  private readonly pairs = new Map<string, Pair>();

  constructor(private readonly ports: LocalPorts) {}

  /** Takes in a socket; `sampled`: it is of a sample of those that are established or in TIME-WAIT. */
  add(row: SocketRow, listening: ReadonlySet<number>, sampled = false): void {
    const { state, localPort, remotePort } = row;
    if (remotePort === 0 || state === 'SYN-RECV' || state === 'LISTEN') return;
    if (localPort < this.ports.low || localPort > this.ports.high || listening.has(localPort)) return;
    const source = row.localAddress();
    const peer = row.remoteAddress();
    if (state === 'TIME-WAIT' && this.isGivenAgain(row, source, peer)) return;
    const key = `${source} ${peer} ${remotePort}`;
    let pair = this.pairs.get(key);
    if (!pair) {
      if (this.pairs.size >= MOST_PAIRS) return;
      pair = { source, peer, port: remotePort, whole: 0, sampled: 0, timeWait: 0 };
      this.pairs.set(key, pair);
    }
    if (sampled) pair.sampled++;
    else pair.whole++;
    if (state === 'TIME-WAIT') pair.timeWait++;
  }

  private isGivenAgain({ expiresMs }: SocketRow, source: string, peer: string): boolean {
    const { reuse } = this.ports;
    if (reuse === 'never' || (reuse === 'loopback' && !isLoopback(source) && !isLoopback(peer))) return false;
    return expiresMs === null || TIME_WAIT_MS - expiresMs > REUSED_AFTER_MS;
  }

  /** The fullest first. `share` is that of the established and TIME-WAIT sockets that were read: 1 for all of them. */
  sample(share: number): PortUse[] {
    const { count: of, low, high } = this.ports;
    return [...this.pairs.values()]
      .map(({ source, peer, port, whole, sampled, timeWait }) => {
        const taken = Math.min(of, Math.round(whole + sampled / share));
        const ended = sampled > 0 ? timeWait / share : timeWait;
        return {
          ...{ source, peer, port, taken, of, range: `${low}-${high}` },
          timeWait: Math.min(taken, Math.round(ended)),
        };
      })
      .filter(({ taken }) => taken >= Math.max(LEAST_SOCKETS / 2, TOLD_FROM * of))
      .sort((a, b) => b.taken - a.taken)
      .slice(0, MOST_TOLD);
  }
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
