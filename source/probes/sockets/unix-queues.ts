import { readUnixListeners, type UnixListener } from '../../linux/netlink/unix-listeners.js';
import { holdersOf, namedProcess } from '../../linux/process/socket-holders.js';
import { parentOf, StopReader } from '../../linux/process/stopped.js';
import type { OpenFd } from '../../linux/socket-calls.js';
import type { Listener } from './census.js';
import type { UnixQueue, UnixWaiter } from './sample.js';

/** Descriptors looked at for who listens and who waits, 5 µs each; not sooner again than this (ms). */
const MOST_FDS = 20_000;
const AGAIN_MS = 10_000;
/** Queues told at most, those that wait longest first. */
const MOST_TOLD = 20;
/** Processes told of one listener. */
const MOST_PIDS = 64;
/** A kernel that would not tell is asked again after so long (ms). */
const RETRY_MS = 60_000;
/** A queue that is new is nobody's trouble yet (ms): its processes are not looked for. */
const PASSING_MS = 1_500;

/** A queue as the look before saw it. */
interface Seen {
  /** Its clients, the oldest first. */
  readonly pending: readonly number[];
  /** Since when the same one is the first (monotonic ms). */
  readonly since: number;
}

/**
 * The queues of Unix sockets in which somebody waits for accept(): they are in the order they came, so that who heads
 * one look after look tells for how long nobody was accepted.
 */
export class UnixQueues {
  private seen: ReadonlyMap<number, Seen> = new Map();
  private holders: ReadonlyMap<number, readonly number[]> = new Map();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private sleepsUntil = Number.NEGATIVE_INFINITY;
  private readonly stops = new StopReader();

  constructor(private readonly read: (openFd?: OpenFd) => Promise<UnixListener[]> = readUnixListeners) {}

  /**
   * Those of this network, or of that in which `openFd` opens; `tcp` are its listeners by port, to tell whom a front
   * serves. `now` is monotonic ms.
   */
  async take(tcp: readonly Listener[], now: number, openFd?: OpenFd): Promise<UnixQueue[]> {
    if (now < this.sleepsUntil) return [];
    let all: UnixListener[];
    try {
      all = await this.read(openFd);
    } catch {
      // Not every kernel has unix_diag; what is asked of TCP is told all the same.
      this.sleepsUntil = now + RETRY_MS;
      return [];
    }
    const waited = all.filter(({ queued }) => queued > 0);
    this.seen = new Map(
      waited.map((one) => [one.inode, { pending: one.pending, since: this.sinceOf(one, now) }]),
    );
    const forMs = ({ inode }: UnixListener): number => now - (this.seen.get(inode)?.since ?? now);
    const told = waited
      .filter((one) => one.queued > one.backlog || forMs(one) >= PASSING_MS)
      .sort((a, b) => forMs(b) - forMs(a))
      .slice(0, MOST_TOLD);
    if (told.length > 0) this.lookFor(told, tcp, now);
    return told.map((one) => this.queueOf(one, tcp, forMs(one)));
  }

  /** One that has given up stays in the queue, without a number, until it is accepted. */
  private sinceOf({ inode, pending }: UnixListener, now: number): number {
    const before = this.seen.get(inode);
    const still = before?.pending.every((client, at) => pending[at] === client || pending[at] === 0);
    return before && still ? before.since : now;
  }

  private lookFor(told: readonly UnixListener[], tcp: readonly Listener[], now: number): void {
    const isNews = told.some(({ inode, clients }) =>
      [inode, ...clients.slice(0, 1)].some((one) => !this.holders.has(one)),
    );
    if (!isNews || now - this.lookedAt < AGAIN_MS) return;
    const inodes = [
      ...told.flatMap(({ inode, clients }) => [inode, ...clients]),
      ...tcp.map((one) => one.inode),
    ];
    this.holders = holdersOf(new Set(inodes.filter((inode) => inode !== 0)), MOST_FDS);
    this.lookedAt = now;
  }

  private queueOf(one: UnixListener, tcp: readonly Listener[], headForMs: number): UnixQueue {
    const members = this.holders.get(one.inode) ?? [];
    const [first] = members;
    const parents = new Set(members.length > 1 ? members.flatMap((pid) => parentOf(pid) ?? []) : []);
    const stopped = first === undefined ? undefined : this.stops.ofAll(members, parents);
    return {
      ...{ path: one.path, queued: one.queued, backlog: one.backlog, headForMs },
      process: first === undefined ? null : namedProcess(first),
      pids: members.slice(0, MOST_PIDS),
      ...(stopped ? { stopped } : {}),
      waiters: this.waitersOf(one, tcp),
    };
  }

  private waitersOf({ clients }: UnixListener, tcp: readonly Listener[]): UnixWaiter[] {
    const pids = new Set(clients.flatMap((inode) => this.holders.get(inode)?.slice(-1) ?? []));
    return [...pids].map((pid) => ({
      ...namedProcess(pid),
      ports: [
        ...new Set(tcp.flatMap(({ inode, port }) => (this.holders.get(inode)?.includes(pid) ? [port] : []))),
      ],
    }));
  }
}
