import type Docker from 'dockerode';
import {
  type CgroupCpu,
  type CgroupMemory,
  type CgroupReading,
  workingSet,
} from '../../../linux/cgroup/cgroup-reading.js';
import { withDeadline } from '../link/deadline.js';

/** Docker 20.10 waits for its collector's next second even for one answer (0.8 s measured); later ones do not. */
const STATS_MS = 5_000;
const NS_PER_US = 1_000;

/**
 * A container's use from its daemon, for one whose cgroup files are on another host: as a cgroup reading, so that
 * rates are made the same way. Costs a daemon of 20.10 0.8 s: no more than 8 in flight. Undefined when it is not
 * running. Rejects when the daemon does not answer.
 */
export async function readOneShotStats(docker: Docker, id: string): Promise<CgroupReading | undefined> {
  // The types know this call only without a way to end it.
  const container = docker.getContainer(id) as unknown as { stats(options: object): Promise<unknown> };
  const answer = await withDeadline(STATS_MS, (abortSignal) =>
    container.stats({ stream: false, 'one-shot': true, abortSignal }),
  );
  return decodeStats(answer);
}

type Json = Readonly<Record<string, unknown>>;

/** The answer of GET /containers/<id>/stats. Version 1 or 2 shows in the name of its file cache. */
export function decodeStats(answer: unknown): CgroupReading | undefined {
  const { cpu_stats: cpu, memory_stats: memory, pids_stats: pids } = json(answer);
  const current = number(json(pids).current);
  // A container that does not run has every part, and all of them empty.
  if (current === null) return undefined;
  const isV1 = number(json(json(memory).stats).total_inactive_file) !== null;
  const max = number(json(pids).limit);
  return {
    version: isV1 ? 1 : 2,
    cpu: cpuOf(json(cpu)),
    memory: memoryOf(json(memory)),
    pids: { current, max: max === null || max === 0 || max >= 2 ** 62 ? null : max, refused: null },
  };
}

/** Limits are not told here: they come with the container's details. */
function cpuOf(cpu: Json): CgroupCpu | null {
  const usage = number(json(cpu.cpu_usage).total_usage);
  if (usage === null) return null;
  const { periods, throttled_periods: throttledPeriods, throttled_time: time } = json(cpu.throttling_data);
  const throttledNs = number(time);
  return {
    usageUs: usage / NS_PER_US,
    limitCores: null,
    periods: number(periods),
    throttledPeriods: number(throttledPeriods),
    throttledUs: throttledNs === null ? null : throttledNs / NS_PER_US,
  };
}

function memoryOf(memory: Json): CgroupMemory | null {
  const usageBytes = number(memory.usage);
  if (usageBytes === null) return null;
  const stats = json(memory.stats);
  return {
    usageBytes,
    workingSetBytes: workingSet(usageBytes, number(stats.total_inactive_file) ?? number(stats.inactive_file)),
    // Without a limit this is all the memory of the host.
    limitBytes: number(memory.limit),
    oomKills: null,
    limitHits: number(memory.failcnt),
  };
}

const json = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
