import type { CgroupReading } from './cgroup-reading.js';

/** What happened in a cgroup between two readings; null is what one of them did not have. */
export interface CgroupRates {
  /** Per-core percent, as `docker stats` shows it: 200 is two cores. */
  readonly cpuPercent: number | null;
  /** Percent of the enforcement periods in which it was held back; null too when no period passed. */
  readonly throttledPercent: number | null;
  /** Processes that the OOM killer ended, and forks that were refused. */
  readonly oomKills: number | null;
  readonly refusedForks: number | null;
}

/**
 * Rates of two readings of the same cgroup, `ms` apart by a monotonic clock. A counter that went down belongs to
 * another cgroup (the container was restarted): null.
 */
export function cgroupRates(before: CgroupReading, after: CgroupReading, ms: number): CgroupRates {
  const usedUs = grown(before.cpu?.usageUs, after.cpu?.usageUs);
  const periods = grown(before.cpu?.periods, after.cpu?.periods);
  const throttled = grown(before.cpu?.throttledPeriods, after.cpu?.throttledPeriods);
  return {
    cpuPercent: usedUs === null || ms <= 0 ? null : usedUs / (ms * 10),
    throttledPercent: throttled === null || !periods ? null : Math.min(100, (100 * throttled) / periods),
    oomKills: grown(before.memory?.oomKills, after.memory?.oomKills),
    refusedForks: grown(before.pids?.refused, after.pids?.refused),
  };
}

function grown(before: number | null | undefined, after: number | null | undefined): number | null {
  return before == null || after == null || after < before ? null : after - before;
}
