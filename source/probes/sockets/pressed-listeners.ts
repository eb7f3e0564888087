import { type NamedProcess, socketHolders } from '../../linux/process/socket-holders.js';
import { tryReadText } from '../../linux/read-text.js';
import type { Listener } from './census.js';
import type { ListenQueue } from './sample.js';

/** Descriptors looked at for who listens, 5 µs each; and those who were not found are looked for again after this. */
const MOST_FDS = 20_000;
const AGAIN_MS = 30_000;

/** Whether more than half of a queue is taken: the state in which one more connection may be one too many. */
export const isPressed = ({ queued, backlog }: Pick<ListenQueue, 'queued' | 'backlog'>): boolean =>
  backlog !== null && queued > 0 && 2 * queued > backlog;

/** Finds out who listens at queues that are more than half full, and how long its network lets a queue be. */
export class PressedListeners {
  private readonly holders = new Map<number, NamedProcess>();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private unfound = new Set<number>();

  /**
   * What is to be said besides of each pressed listener, by inode. `now` is monotonic ms; `readLimit` gives
   * net.core.somaxconn as its network has it.
   */
  tell(
    listeners: readonly Listener[],
    now: number,
    readLimit: () => number | null = hostLimit,
  ): Map<number, NonNullable<ListenQueue['pressed']>> {
    const pressed = listeners.filter(isPressed);
    if (pressed.length === 0) return new Map();
    this.lookFor(new Set(pressed.map(({ inode }) => inode)), now);
    const somaxconn = readLimit();
    return new Map(
      pressed.map(({ inode }) => [inode, { process: this.holders.get(inode) ?? null, somaxconn }] as const),
    );
  }

  private lookFor(inodes: ReadonlySet<number>, now: number): void {
    for (const known of this.holders.keys()) if (!inodes.has(known)) this.holders.delete(known);
    const wanted = new Set([...inodes].filter((inode) => !this.holders.has(inode)));
    const isNews = [...wanted].some((inode) => !this.unfound.has(inode));
    if (wanted.size === 0 || (!isNews && now - this.lookedAt < AGAIN_MS)) return;
    for (const [inode, holder] of socketHolders(wanted, MOST_FDS)) this.holders.set(inode, holder);
    this.unfound = new Set([...wanted].filter((inode) => !this.holders.has(inode)));
    this.lookedAt = now;
  }
}

/** The limit of the network that the calling thread is in; null where it cannot be read. */
export function hostLimit(): number | null {
  const value = Number(tryReadText('/proc/sys/net/core/somaxconn') ?? Number.NaN);
  return Number.isInteger(value) ? value : null;
}
