import { USER_HZ } from '../../linux/process/process-stat.js';

/** Less than this between two readings (ms) makes a figure of mere clock ticks (10 ms each). */
const SHORTEST_MS = 200;

interface Reading {
  readonly birth: string;
  readonly at: number;
  readonly ticks: number;
  readonly percent: number | null;
}

/** CPU of each service in per-core percent from its own two last readings. */
export class CpuMeter {
  private readonly last = new Map<string, Reading>();

  /** Null for a first reading, for a process that was restarted, and when the sum decreased (a child nobody waited for). */
  percent(name: string, birth: string, ticks: number, at: number): number | null {
    const before = this.last.get(name);
    if (before?.birth === birth && at - before.at < SHORTEST_MS) return before.percent;
    const gained = before?.birth === birth ? ticks - before.ticks : -1;
    const percent = before && gained >= 0 ? ((gained / USER_HZ) * 100_000) / (at - before.at) : null;
    this.last.set(name, { birth, at, ticks, percent });
    return percent;
  }

  /** Forgets services that are no more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.last.keys()) if (!names.has(name)) this.last.delete(name);
  }
}
