import { readdirSync } from 'node:fs';
import { networkOf } from '../../linux/namespace/inside-network.js';
import { eachSocketInode } from '../../linux/process/process-fds.js';
import { parseProcessStat } from '../../linux/process/process-stat.js';
import { tryReadText } from '../../linux/read-text.js';
import { type KindOfDatastore, kindOfCommand } from './kinds.js';

/** Names of processes are read anew so often (ms): what began as a shell may have become a database. */
const RENAMED_MS = 30_000;
/** A server opens its listeners first: so many descriptors of one are looked at (5 µs each). */
const MOST_FDS = 256;
/** Servers told apart at most. */
const MOST_SERVERS = 64;

/** A process that is named as one of the products, and is no child of another such. */
export interface ServerProcess {
  readonly kind: KindOfDatastore;
  readonly pid: number;
  readonly command: string;
  /** With the pid this names a process for good. */
  readonly startTicks: number;
  /** Scheduler state letter; `T` is stopped by a signal. */
  readonly state: string;
  /** `net:[…]`, or undefined when that may not be seen. */
  readonly network: string | undefined;
}

/** Finds the processes of databases and brokers by their names, wherever on this host they run. */
export class ServerProcesses {
  private names = new Map<number, KindOfDatastore | null>();
  private readAt = Number.NEGATIVE_INFINITY;
  private readonly sockets = new Map<string, ReadonlySet<number>>();

  constructor(private readonly proc = '/proc') {}

  /** Those that there are now, at most 64. `now` is monotonic ms. */
  list(now: number): ServerProcess[] {
    if (now - this.readAt > RENAMED_MS) {
      this.names = new Map();
      this.sockets.clear();
      this.readAt = now;
    }
    const pids = this.pids();
    const there = new Set(pids);
    for (const pid of this.names.keys()) if (!there.has(pid)) this.names.delete(pid);
    for (const pid of pids) if (!this.names.has(pid)) this.names.set(pid, this.kindOf(pid));
    const servers: ServerProcess[] = [];
    for (const [pid, kind] of this.names) {
      if (kind === null || servers.length >= MOST_SERVERS) continue;
      const stat = parseProcessStat(tryReadText(`${this.proc}/${pid}/stat`) ?? '');
      if (!stat || stat.state === 'Z' || this.names.get(stat.parent)?.kind === kind.kind) continue;
      const { command, startTicks, state } = stat;
      servers.push({ kind, pid, command, startTicks, state, network: networkSeen(pid) });
    }
    return servers;
  }

  /** Inodes of the sockets among its first descriptors; those of its listeners are. `wanted` were not found before. */
  socketsOf(server: ServerProcess, wanted: readonly number[]): ReadonlySet<number> {
    const key = `${server.pid} ${server.startTicks}`;
    const known = this.sockets.get(key);
    if (known && wanted.length === 0) return known;
    const found = new Set<number>();
    eachSocketInode(server.pid, MOST_FDS, (inode) => found.add(inode), this.proc);
    this.sockets.set(key, found);
    return found;
  }

  private kindOf(pid: number): KindOfDatastore | null {
    return kindOfCommand((tryReadText(`${this.proc}/${pid}/comm`) ?? '').trim()) ?? null;
  }

  private pids(): number[] {
    try {
      return readdirSync(this.proc)
        .filter((name) => /^\d+$/.test(name))
        .map(Number);
    } catch {
      return [];
    }
  }
}

function networkSeen(pid: number): string | undefined {
  try {
    return networkOf(pid);
  } catch {
    return undefined;
  }
}
