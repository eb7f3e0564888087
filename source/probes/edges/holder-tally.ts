import type { Holder } from './connection.js';
import type { Edge } from './sample.js';

const MOST_NAMES = 3;
const MOST_PIDS = 64;

/** Who holds the sockets of one edge, as they were seen in one look. */
export class HolderTally {
  /** Each process once. */
  readonly all: Holder[] = [];
  private readonly processes: string[] = [];
  private readonly pids = new Set<number>();
  private readonly units: string[] = [];

  add(holder: Holder): void {
    const { pid, process, unit } = holder;
    if (pid !== undefined && !this.pids.has(pid)) {
      this.pids.add(pid);
      this.all.push(holder);
    }
    add(this.processes, process);
    add(this.units, unit);
  }

  /** The first names, and all numbers unless they are too many. */
  get shown(): Pick<Edge, 'processes' | 'pids' | 'units'> {
    const { processes, pids, units } = this;
    return {
      ...(processes.length > 0 ? { processes } : {}),
      ...(pids.size > 0 && pids.size <= MOST_PIDS ? { pids: [...pids] } : {}),
      ...(units.length > 0 ? { units } : {}),
    };
  }
}

function add(names: string[], name: string | undefined): void {
  if (name !== undefined && names.length < MOST_NAMES && !names.includes(name)) names.push(name);
}
