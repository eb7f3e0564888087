import {
  type CgroupCpu,
  type CgroupFiles,
  type CgroupMemory,
  type CgroupPids,
  workingSet,
} from './cgroup-reading.js';
import { parseFlatKeyed, parseLimit, parseSingle } from './cgroup-values.js';

const NS_PER_US = 1_000;

/**
 * Version 1 (kernel: Documentation/admin-guide/cgroup-v1, Documentation/scheduler/sched-bwc.rst). Times are
 * nanoseconds here, quota and period microseconds; a quota of -1 is none. The two CPU controllers may be mounted apart.
 */
export function decodeCpuV1(cpu: CgroupFiles, cpuacct: CgroupFiles): CgroupCpu | null {
  const stat = parseFlatKeyed(cpu('cpu.stat') ?? '');
  const usage = parseSingle(cpuacct('cpuacct.usage'));
  if (usage === null && stat.size === 0) return null;
  const quota = parseSingle(cpu('cpu.cfs_quota_us'));
  const period = parseSingle(cpu('cpu.cfs_period_us'));
  const throttled = stat.get('throttled_time');
  return {
    usageUs: usage === null ? null : usage / NS_PER_US,
    limitCores: quota === null || !period ? null : quota / period,
    periods: stat.get('nr_periods') ?? null,
    throttledPeriods: stat.get('nr_throttled') ?? null,
    throttledUs: throttled === undefined ? null : throttled / NS_PER_US,
  };
}

export function decodeMemoryV1(files: CgroupFiles): CgroupMemory | null {
  const usageBytes = parseSingle(files('memory.usage_in_bytes'));
  if (usageBytes === null) return null;
  const stat = parseFlatKeyed(files('memory.stat') ?? '');
  const oom = parseFlatKeyed(files('memory.oom_control') ?? '');
  return {
    usageBytes,
    workingSetBytes: workingSet(usageBytes, stat.get('total_inactive_file') ?? null),
    limitBytes: parseLimit(files('memory.limit_in_bytes')),
    // Linux 4.13 and later.
    oomKills: oom.get('oom_kill') ?? null,
    limitHits: parseSingle(files('memory.failcnt')),
  };
}

/** The same in both versions. */
export function decodePids(files: CgroupFiles): CgroupPids | null {
  const current = parseSingle(files('pids.current'));
  if (current === null) return null;
  return {
    current,
    max: parseLimit(files('pids.max')),
    refused: parseFlatKeyed(files('pids.events') ?? '').get('max') ?? null,
  };
}
