import { type NamedProcess, namedProcess } from '../../linux/process/socket-holders.js';
import type { Listener } from './census.js';
import type { LeftListener } from './sample.js';

/** Listeners that are remembered at most, and for how long (ms) after they went. */
const MOST = 200;
const MOST_LEFT = 50;
const KEPT_MS = 3_600_000;

/** Which services of systemd listen, and at which ports one did that nobody listens at any more. */
export class UnitListeners {
  private holders = new Map<number, NamedProcess>();
  private readonly byPort = new Map<number, string>();
  private left: readonly LeftListener[] = [];

  constructor(private readonly proc = '/proc') {}

  /**
   * Takes the listeners of one look, `holderOf` giving the process of each. Returns those of services, by inode. `now` is
   * wall-clock ms.
   */
  take(
    listeners: readonly Listener[],
    holderOf: (inode: number) => number | undefined,
    now: number,
  ): ReadonlyMap<number, NamedProcess> {
    const before = this.holders;
    this.holders = new Map();
    for (const { inode, port } of listeners) {
      const pid = holderOf(inode);
      if (pid === undefined || this.holders.size >= MOST) continue;
      const known = before.get(inode);
      const holder = known?.pid === pid ? known : namedProcess(pid, this.proc);
      this.holders.set(inode, holder);
      if (holder.unit !== undefined) this.byPort.set(port, holder.unit);
    }
    this.note(new Set(listeners.map(({ port }) => port)), now);
    return new Map([...this.holders].filter(([, { unit }]) => unit !== undefined));
  }

  /** What services listened at and nobody does now. */
  gone(): readonly LeftListener[] {
    return this.left;
  }

  private note(open: ReadonlySet<number>, now: number): void {
    const kept = this.left.filter(({ port, at }) => !open.has(port) && now - at <= KEPT_MS);
    for (const [port, unit] of this.byPort) {
      if (open.has(port)) continue;
      kept.unshift({ unit, port, at: now });
      this.byPort.delete(port);
    }
    this.left = kept.slice(0, MOST_LEFT);
  }
}
