import type { Clock } from '../../clock.js';
import type { Workload } from '../../engines/engine.js';
import type { StopReader } from '../../linux/process/stopped.js';
import { isContainer } from './containers.js';
import type { CpuMeter } from './cpu-meter.js';
import { readFamily, readFamilyMemory } from './family.js';
import { readPortable } from './portable-processes.js';
import type { ServiceSample } from './sample.js';

/** What is read of one workload. */
export type Figures = Pick<
  ServiceSample,
  'cpuPercent' | 'memoryBytes' | 'openFds' | 'fdLimit' | 'processState' | 'stopped' | 'container'
>;

const UNKNOWN: Figures = {
  cpuPercent: null,
  memoryBytes: null,
  openFds: null,
  fdLimit: null,
  processState: null,
};

/** One look at all workloads below /proc; of a container only what its cgroup does not tell. */
export function lookInProc(
  workloads: readonly Workload[],
  childrenNow: () => ReadonlyMap<number, readonly number[]>,
  meter: CpuMeter,
  stops: StopReader,
  clock: Clock,
  missing: string[],
): (workload: Workload) => Figures {
  const roots = new Set(workloads.flatMap(({ pid }) => pid ?? []));
  const children: ReadonlyMap<number, readonly number[]> = roots.size > 0 ? childrenNow() : new Map();
  const parents = new Set(children.keys());
  return (workload) => {
    const { name, pid } = workload;
    const family = pid === null ? undefined : readFamily(pid, children, roots);
    if (!family) return UNKNOWN;
    if (family.openFds === null)
      missing.push(`open files of ${name}: /proc/${pid}/fd belongs to another user (run faultline as root)`);
    const { openFds, fdLimit, state: processState } = family;
    // A container's use is its cgroup's: its memory is not read a second time.
    const stopped = stops.ofAll(family.members, parents);
    const state = { openFds, fdLimit, processState, ...(stopped && { stopped }) };
    if (isContainer(workload)) return { ...UNKNOWN, ...state };
    return {
      cpuPercent: meter.percent(name, family.birth, family.ticks, clock.now()),
      memoryBytes: readFamilyMemory(family.members),
      ...state,
    };
  };
}

/** One look at all of them where there is no /proc. */
export async function lookPortable(
  workloads: readonly Workload[],
  missing: string[],
): Promise<(workload: Workload) => Figures> {
  const pids = workloads.flatMap(({ pid }) => pid ?? []);
  if (workloads.some((workload) => !isContainer(workload)))
    missing.push('open files and their limit: this system has no /proc');
  const readings = pids.length > 0 ? await readPortable(pids) : new Map<number, never>();
  return ({ pid }) => {
    const reading = pid === null ? undefined : readings.get(pid);
    if (!reading) return UNKNOWN;
    return {
      ...UNKNOWN,
      cpuPercent: reading.cpuPercent,
      memoryBytes: reading.memoryBytes,
      processState: reading.state,
    };
  };
}
