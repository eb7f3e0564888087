import type { Clock } from '../../clock.js';
import type { Workload } from '../../engines/engine.js';
import { tryNetworkOf } from '../../linux/namespace/inside-network.js';
import { eachSocketInode } from '../../linux/process/process-fds.js';
import { familyOf } from '../../linux/process/process-tree.js';
import { createChildrenTable } from '../children.js';

/** Descriptors looked at in one go, of all services together: 5 µs each. */
const MOST_FDS = 10_000;
/** Who owns what is read again after 50 times what reading it took, but at least this often (ms). */
const COST_FACTOR = 50;
const LONGEST_AGE_MS = 5_000;

/** Which service a socket belongs to, by the inode that its processes hold. */
export class SocketOwners {
  private byInode = new Map<number, string>();
  private readAt = Number.NEGATIVE_INFINITY;
  private costMs = 0;
  private notes: string[] = [];
  private readonly childrenNow: () => ReadonlyMap<number, readonly number[]>;

  constructor(
    private readonly workloads: () => readonly Workload[],
    private readonly clock: Clock,
  ) {
    this.childrenNow = createChildrenTable(clock);
  }

  /** Reads descriptors again when that is due. Returns what could not be read, one line each. */
  refresh(): readonly string[] {
    const began = this.clock.now();
    if (began - this.readAt < Math.min(this.costMs * COST_FACTOR, LONGEST_AGE_MS)) return this.notes;
    this.byInode = new Map();
    this.notes = [];
    const running = this.workloads().filter(({ pid }) => pid !== null && isInOurNetwork(pid));
    if (running.length > 0) this.readAll(running);
    this.readAt = this.clock.now();
    this.costMs = this.readAt - began;
    return this.notes;
  }

  of(inode: number): string | undefined {
    return inode === 0 ? undefined : this.byInode.get(inode);
  }

  private readAll(running: readonly Workload[]): void {
    const children = this.childrenNow();
    const roots = new Set(running.flatMap(({ pid }) => pid ?? []));
    let left = MOST_FDS;
    for (const { name, pid } of running) {
      for (const member of familyOf(pid as number, children, roots)) {
        const looked = eachSocketInode(member, left, (inode) => this.note(inode, name));
        if (looked === null)
          this.notes.push(
            `outbound sockets of ${name}: its descriptors belong to another user (run faultline as root)`,
          );
        left -= looked ?? 0;
      }
    }
    if (left <= 0)
      this.notes.push(`sockets by service: only the first ${MOST_FDS} descriptors were looked at`);
    this.notes = [...new Set(this.notes)];
  }

  /** A listener that parent and children share belongs to whoever is found first. */
  private note(inode: number, name: string): void {
    if (!this.byInode.has(inode)) this.byInode.set(inode, name);
  }
}

/** Sockets of another network are in none of our tables, whoever holds them. What is not ours to know may be in ours. */
function isInOurNetwork(pid: number): boolean {
  const [own, its] = ['thread-self' as const, pid].map(tryNetworkOf);
  return own === undefined || its === undefined || its === own;
}

/** Inodes of our own sockets: what the console itself opened is no symptom of the host. */
export function ownInodes(): Set<number> {
  const own = new Set<number>();
  eachSocketInode('self', MOST_FDS, (inode) => own.add(inode));
  return own;
}
