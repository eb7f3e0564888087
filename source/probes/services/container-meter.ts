import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import { type CgroupRates, cgroupRates } from '../../linux/cgroup/cgroup-rates.js';
import type { CgroupReading } from '../../linux/cgroup/cgroup-reading.js';
import type { ContainerFacts, Throttling } from './container.js';

/** Less than this between two readings (ms) is less than two of the kernel's periods of 100 ms: no rate is made of it. */
const SHORTEST_MS = 200;
const US_PER_MS = 1_000;

type Measured = Pick<ContainerFacts, 'limits' | 'pids' | 'throttling' | 'throttledPercent' | 'oomKills'>;

/** What one reading of its cgroup tells of a container. */
export interface ContainerFigures extends Measured {
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
}

/** A reading with the monotonic time (ms) it was made at, and whether this host's own files gave it. */
export interface Look {
  readonly reading: CgroupReading;
  readonly at: number;
  readonly own: boolean;
}

interface Life {
  /** Names this life: a restart makes a new cgroup, whose counters begin again. */
  readonly birth: string;
  readonly at: number;
  readonly reading: CgroupReading;
  readonly rates: CgroupRates | null;
}

interface Kills {
  readonly birth: string;
  /** Of the lives before this one, and of this one. */
  readonly before: number;
  readonly now: number;
}

/** Makes rates and totals of the readings of containers' cgroups, each over its own two last readings. */
export class ContainerMeter {
  readonly #lives = new Map<string, Life>();
  readonly #kills = new Map<string, Kills>();

  /** A container without a reading has no figures now, and keeps what is known over its lives. */
  figures(container: DockerContainer, look: Look | undefined): ContainerFigures {
    const reading = look?.reading;
    const life = look && this.#live(container, look);
    const limits = limitsOf(container, look);
    const hasQuota = limits.cpus !== null && reading?.cpu?.periods != null;
    return {
      cpuPercent: life?.rates?.cpuPercent ?? null,
      memoryBytes: reading?.memory?.workingSetBytes ?? null,
      limits,
      pids: reading?.pids?.current ?? null,
      throttling: hasQuota ? throttlingOf(reading) : null,
      throttledPercent: hasQuota && life?.rates ? heldBack(life.rates) : null,
      oomKills: this.#oomKills(container, reading),
    };
  }

  /** Forgets containers that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const book of [this.#lives, this.#kills])
      for (const id of book.keys()) if (!ids.has(id)) book.delete(id);
  }

  #live(container: DockerContainer, { reading, at }: Look): Life {
    const birth = `${container.startedAt}`;
    const before = this.#lives.get(container.id);
    const same = before?.birth === birth ? before : undefined;
    if (same && at - same.at < SHORTEST_MS) return same;
    const rates = same ? cgroupRates(same.reading, reading, at - same.at) : null;
    const life = { birth, at, reading, rates };
    this.#lives.set(container.id, life);
    return life;
  }

  /** A cgroup goes with its container's first process, and its count with it; Docker's events count over all lives. */
  #oomKills(container: DockerContainer, reading: CgroupReading | undefined): number {
    const counted = reading?.memory?.oomKills ?? 0;
    const birth = `${container.startedAt}`;
    const known = this.#kills.get(container.id) ?? { birth, before: 0, now: 0 };
    const kills =
      known.birth === birth
        ? { ...known, now: Math.max(known.now, counted) }
        : { birth, before: known.before + known.now, now: counted };
    this.#kills.set(container.id, kills);
    return Math.max(kills.before + kills.now, container.oomKills);
  }
}

/** Its own files tell the limits as they stand; a daemon's figures give a host's whole memory as one where there is none. */
function limitsOf({ limits }: DockerContainer, look: Look | undefined): ContainerFacts['limits'] {
  if (!look?.own) return limits;
  const { cpu, memory, pids } = look.reading;
  return {
    memoryBytes: memory ? memory.limitBytes : limits.memoryBytes,
    cpus: cpu ? cpu.limitCores : limits.cpus,
    pids: pids ? pids.max : limits.pids,
  };
}

function throttlingOf({ cpu }: CgroupReading): Throttling {
  return {
    periods: cpu?.periods ?? 0,
    throttledPeriods: cpu?.throttledPeriods ?? 0,
    throttledMs: (cpu?.throttledUs ?? 0) / US_PER_MS,
  };
}

/** Of an idle cgroup no period passes: it was not held back. */
const heldBack = (rates: CgroupRates): number | null =>
  rates.throttledPercent ?? (rates.cpuPercent === null ? null : 0);
