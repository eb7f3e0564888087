import { holdersOf, namedProcess } from '../../linux/process/socket-holders.js';
import { parentOf, StopReader } from '../../linux/process/stopped.js';
import type { Listener } from './census.js';
import type { StoppedListener } from './sample.js';

/** Descriptors looked at for who listens, 5 µs each; a new listener makes us look again, but not sooner than this (ms). */
const MOST_FDS = 20_000;
const AGAIN_MS = 15_000;
/** One whose process was not found (the kernel's own, another user's) is looked for again after so long (ms). */
const NOT_FOUND_AGAIN_MS = 60_000;
/** Listeners whose processes are looked at in one go, 0.06 ms each; those that nobody accepts for come first. */
const MOST_LISTENERS = 128;

/** Tells which listeners of this network belong to processes that are all stopped. */
export class StoppedListeners {
  private readonly stops = new StopReader();
  private holders: ReadonlyMap<number, readonly number[]> = new Map();
  private sought: ReadonlySet<number> = new Set();
  private lookedAt = Number.NEGATIVE_INFINITY;

  /** By inode, those whose processes are stopped. `now` is monotonic ms. */
  tell(listeners: readonly Listener[], now: number): Map<number, StoppedListener> {
    const looked = [...listeners].sort((a, b) => b.queued - a.queued).slice(0, MOST_LISTENERS);
    this.lookFor(new Set(looked.map(({ inode }) => inode)), now);
    return new Map(
      looked.flatMap(({ inode }) => {
        const found = this.stoppedAt(inode);
        return found ? [[inode, found] as const] : [];
      }),
    );
  }

  /** Who holds a listener, of several the first; undefined where nobody was found, or it was not looked at yet. */
  holderOf(inode: number): number | undefined {
    return this.holders.get(inode)?.[0];
  }

  private lookFor(inodes: ReadonlySet<number>, now: number): void {
    const agoMs = now - this.lookedAt;
    if (agoMs < AGAIN_MS) return;
    const isNews = [...inodes].some((inode) => {
      return (
        inode !== 0 && !this.holders.has(inode) && (!this.sought.has(inode) || agoMs >= NOT_FOUND_AGAIN_MS)
      );
    });
    if (!isNews) return;
    this.sought = inodes;
    this.holders = holdersOf(inodes, MOST_FDS);
    this.lookedAt = now;
  }

  private stoppedAt(inode: number): StoppedListener | undefined {
    const members = this.holders.get(inode) ?? [];
    const [first] = members;
    if (first === undefined) return undefined;
    const parents = new Set(members.length > 1 ? members.flatMap((pid) => parentOf(pid) ?? []) : []);
    const stopped = this.stops.ofAll(members, parents);
    return stopped && { ...namedProcess(first), ...stopped };
  }
}
