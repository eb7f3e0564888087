import { readdirSync } from 'node:fs';
import { tryNetworkOf } from '../../linux/namespace/inside-network.js';
import { eachSocketInode } from '../../linux/process/process-fds.js';
import { tryReadText } from '../../linux/read-text.js';
import { unitOf } from '../../linux/systemd/unit-of.js';
import type { Holder } from './connection.js';

/** Descriptors looked at in one go: 5 µs each. */
const MOST_FDS = 4_000;
const MOST_PROCESSES = 5_000;
/** Read again after so long (ms), and after so many times what reading took. */
const KEPT_MS = 10_000;
const COST_FACTOR = 200;

/** Which process of this network holds a socket, by its name (`comm`) and unit, for those that are no workload's. */
export class ProcessOwners {
  private byInode = new Map<number, Holder>();
  private readAt = Number.NEGATIVE_INFINITY;
  private costMs = 0;
  private wanted = true;

  constructor(private readonly proc = '/proc') {}

  /** Undefined where nobody was seen to hold it, or it is not ours to know. */
  of(inode: number): Holder | undefined {
    if (inode === 0) return undefined;
    const owner = this.byInode.get(inode);
    if (owner === undefined) this.wanted = true;
    return owner;
  }

  /** Looks at the descriptors again where a socket was met that nobody is known to hold, and that is due. `now` is monotonic ms. */
  refresh(now: number): void {
    if (!this.wanted || now - this.readAt < Math.max(KEPT_MS, this.costMs * COST_FACTOR)) return;
    const began = performance.now();
    this.byInode = new Map();
    this.wanted = false;
    this.read();
    this.readAt = now;
    this.costMs = performance.now() - began;
  }

  private read(): void {
    const own = tryNetworkOf('thread-self');
    let left = MOST_FDS;
    for (const entry of listProcesses(this.proc)) {
      const pid = Number(entry);
      if (left <= 0) return;
      // Those in another network hold none of ours that anybody asks for.
      if (own !== undefined && tryNetworkOf(pid) !== own) continue;
      let holder: Holder | undefined;
      const looked = eachSocketInode(
        pid,
        left,
        (inode) => {
          if (this.byInode.has(inode)) return;
          holder ??= {
            pid,
            process: tryReadText(`${this.proc}/${pid}/comm`)?.trim() || undefined,
            unit: unitOf(pid, this.proc),
          };
          this.byInode.set(inode, holder);
        },
        this.proc,
      );
      left -= looked ?? 0;
    }
  }
}

function listProcesses(proc: string): string[] {
  try {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .slice(0, MOST_PROCESSES);
  } catch {
    return [];
  }
}
