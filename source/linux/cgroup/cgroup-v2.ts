import { type CgroupCpu, type CgroupFiles, type CgroupMemory, workingSet } from './cgroup-reading.js';
import { parseFlatKeyed, parseLimit, parseSingle } from './cgroup-values.js';

/**
 * Version 2 (kernel: Documentation/admin-guide/cgroup-v2.rst). `cpu.max` is `<quota or max> <period>` in
 * microseconds; the root and a cgroup without the controller have `usage_usec` alone.
 */
export function decodeCpuV2(files: CgroupFiles): CgroupCpu | null {
  const stat = parseFlatKeyed(files('cpu.stat') ?? '');
  const usageUs = stat.get('usage_usec');
  if (usageUs === undefined) return null;
  const max = /^(\d{1,15}) (\d{1,15})\s*$/.exec(files('cpu.max') ?? '');
  const period = Number(max?.[2]);
  return {
    usageUs,
    limitCores: max === null || period === 0 ? null : Number(max[1]) / period,
    periods: stat.get('nr_periods') ?? null,
    throttledPeriods: stat.get('nr_throttled') ?? null,
    throttledUs: stat.get('throttled_usec') ?? null,
  };
}

/** `memory.events` counts the cgroups below, too; the container's own processes may live there. */
export function decodeMemoryV2(files: CgroupFiles): CgroupMemory | null {
  const usageBytes = parseSingle(files('memory.current'));
  if (usageBytes === null) return null;
  const stat = parseFlatKeyed(files('memory.stat') ?? '');
  const events = parseFlatKeyed(files('memory.events') ?? '');
  return {
    usageBytes,
    workingSetBytes: workingSet(usageBytes, stat.get('inactive_file') ?? null),
    limitBytes: parseLimit(files('memory.max')),
    oomKills: events.get('oom_kill') ?? null,
    limitHits: events.get('max') ?? null,
  };
}
