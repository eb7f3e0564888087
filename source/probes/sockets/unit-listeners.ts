import { type NamedProcess, namedProcess } from '../../linux/process/socket-holders.js';
import type { CgroupUnits } from '../../linux/systemd/cgroup-units.js';
import type { Listener } from './census.js';
import type { LeftListener } from './sample.js';

/** Listeners that are remembered at most, and for how long (ms) after they went. */
const MOST = 200;
const MOST_LEFT = 50;
const KEPT_MS = 3_600_000;

/** A listener's unit of systemd, and its process where that was found. */
export interface UnitListener {
  readonly unit: string;
  readonly holder?: NamedProcess;
}

/** Which units of systemd listen, and at which ports one did that nobody listens at any more. */
export class UnitListeners {
  private holders = new Map<number, NamedProcess>();
  private readonly byPort = new Map<number, string>();
  private left: readonly LeftListener[] = [];

  constructor(
    private readonly cgroups: Pick<CgroupUnits, 'of'>,
    private readonly proc = '/proc',
  ) {}

  /**
   * Takes the listeners of one look, `holderOf` giving the process of each. Returns those of units, by inode: the unit of
   * its process, which a socket unit may have started; else that which the listener was made in. `now` is wall-clock ms.
   */
  take(
    listeners: readonly Listener[],
    holderOf: (inode: number) => number | undefined,
    now: number,
  ): ReadonlyMap<number, UnitListener> {
    const before = this.holders;
    const found = new Map<number, UnitListener>();
    this.holders = new Map();
    for (const { inode, port, cgroupId } of listeners) {
      if (this.holders.size >= MOST) break;
      const pid = holderOf(inode);
      const known = before.get(inode);
      const holder =
        pid === undefined ? undefined : known?.pid === pid ? known : namedProcess(pid, this.proc);
      if (holder) this.holders.set(inode, holder);
      const unit = holder?.unit ?? this.cgroups.of(cgroupId);
      if (unit === undefined) continue;
      found.set(inode, { unit, ...(holder?.unit === undefined ? {} : { holder }) });
      this.byPort.set(port, unit);
    }
    this.note(new Set(listeners.map(({ port }) => port)), now);
    return found;
  }

  /** What units listened at and nobody does now. */
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
