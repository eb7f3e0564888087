/** Use and limits of one cgroup. Counters grow for as long as the cgroup lives; null is what could not be read. */
export interface CgroupReading {
  readonly version: 1 | 2;
  readonly cpu: CgroupCpu | null;
  readonly memory: CgroupMemory | null;
  readonly pids: CgroupPids | null;
}

export interface CgroupCpu {
  /** Microseconds of CPU used. */
  readonly usageUs: number | null;
  /** Cores it may use: quota over period; null for no limit. */
  readonly limitCores: number | null;
  /** Enforcement periods that passed, and in how many of them it was held back. */
  readonly periods: number | null;
  readonly throttledPeriods: number | null;
  /** Microseconds that its threads were held back, all added up. */
  readonly throttledUs: number | null;
}

export interface CgroupMemory {
  readonly usageBytes: number;
  /** Use less the file cache that the kernel gives back first, as `docker stats` shows it. */
  readonly workingSetBytes: number;
  readonly limitBytes: number | null;
  /** Processes in it that the OOM killer ended. */
  readonly oomKills: number | null;
  /** Times that its use met the limit. */
  readonly limitHits: number | null;
}

export interface CgroupPids {
  readonly current: number;
  readonly max: number | null;
  /** Forks that were refused for it. */
  readonly refused: number | null;
}

/** Files of one folder by name; undefined for one that cannot be read. */
export type CgroupFiles = (name: string) => string | undefined;

/** Never below 0: cache and use are read one after the other. */
export function workingSet(usage: number, inactiveFile: number | null): number {
  return inactiveFile === null || inactiveFile > usage ? usage : usage - inactiveFile;
}
