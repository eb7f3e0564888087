import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import { type Clock, systemClock } from '../../clock.js';
import type { Workload } from '../../engines/engine.js';
import { createChildrenTable } from '../children.js';
import type { Probe } from '../probe.js';
import type { ServiceSample, ServicesSample } from '../samples.js';
import { Containers, isContainer } from './containers.js';
import { CpuMeter } from './cpu-meter.js';
import { readFamily, readFamilyMemory } from './family.js';
import { readPortable } from './portable-processes.js';

export interface ServicesProbeOptions {
  /** What the engine lists right now. */
  readonly workloads: () => readonly Workload[];
  /** The daemon's client, where the workloads are containers; null while it does not answer. */
  readonly docker?: () => Docker | null;
  readonly clock?: Clock;
  readonly intervalMs?: number;
  /** `/proc`, or undefined to look for it. */
  readonly means?: 'proc' | 'systeminformation';
}

type Figures = Pick<
  ServiceSample,
  'cpuPercent' | 'memoryBytes' | 'openFds' | 'fdLimit' | 'processState' | 'container'
>;

const UNKNOWN: Figures = {
  cpuPercent: null,
  memoryBytes: null,
  openFds: null,
  fdLimit: null,
  processState: null,
};

/** What one look at all workloads gives: figures by workload, by which means, and what was missing. */
interface Looking {
  readonly missing: string[];
  readonly means: Set<string>;
}

/**
 * State and use of each service: of a container its cgroup, of a process itself and all below it. What cannot be read
 * is null and named in `missing`.
 */
export function createServicesProbe(options: ServicesProbeOptions): Probe<ServicesSample> {
  const clock = options.clock ?? systemClock;
  const meter = new CpuMeter();
  const containers = new Containers(options.docker ?? (() => null), clock);
  const childrenNow = createChildrenTable(clock);
  const means = options.means ?? (existsSync('/proc/self/stat') ? 'proc' : 'systeminformation');
  const files = '/proc/<pid>/{stat,status,fd,limits}';

  /** Use of a container by its cgroup; its open files and the state of its first process by /proc, where it is here. */
  const lookAt = (
    workload: Workload,
    processes: (workload: Workload) => Figures,
    looking: Looking,
  ): Figures => {
    if (!isContainer(workload)) return processes(workload);
    const { cpuPercent, memoryBytes, facts, means: by } = containers.use(workload, looking.missing);
    if (by !== null) looking.means.add(by);
    return { ...processes(workload), cpuPercent, memoryBytes, container: facts };
  };

  return {
    id: 'services',
    title: 'Services',
    reads:
      means === 'systeminformation'
        ? 'systeminformation'
        : options.docker
          ? 'cgroup files or docker stats, /proc/<pid>/{stat,fd,limits}'
          : files,
    // Eight small files a container: on a host with hundreds of them it may look less often.
    cost: options.docker ? 'table' : 'counter',
    intervalMs: options.intervalMs ?? (means === 'proc' ? 1_000 : 3_000),
    timeoutMs: 5_000,
    async run(): Promise<ServicesSample> {
      const workloads = options.workloads();
      meter.keepOnly(new Set(workloads.map(({ name }) => name)));
      containers.keepOnly(new Set(workloads.filter(isContainer).map(({ id }) => id)));
      const looking: Looking = { missing: [], means: new Set() };
      const processes =
        means === 'proc'
          ? lookInProc(workloads, childrenNow, meter, clock, looking.missing)
          : await lookPortable(workloads, looking.missing);
      const services = workloads.map((workload) =>
        sampleOf(workload, lookAt(workload, processes, looking), clock),
      );
      const fallback = workloads.some(isContainer)
        ? 'docker'
        : means === 'proc'
          ? '/proc'
          : 'systeminformation';
      return {
        services,
        means: [...looking.means].sort().join(', ') || fallback,
        missing: [...new Set(looking.missing)],
      };
    },
  };
}

function lookInProc(
  workloads: readonly Workload[],
  childrenNow: () => ReadonlyMap<number, readonly number[]>,
  meter: CpuMeter,
  clock: Clock,
  missing: string[],
): (workload: Workload) => Figures {
  const roots = new Set(workloads.flatMap(({ pid }) => pid ?? []));
  const children = roots.size > 0 ? childrenNow() : new Map();
  return (workload) => {
    const { name, pid } = workload;
    const family = pid === null ? undefined : readFamily(pid, children, roots);
    if (!family) return UNKNOWN;
    if (family.openFds === null)
      missing.push(`open files of ${name}: /proc/${pid}/fd belongs to another user (run faultline as root)`);
    const { openFds, fdLimit, state: processState } = family;
    // A container's use is its cgroup's: its memory is not read a second time.
    if (isContainer(workload)) return { ...UNKNOWN, openFds, fdLimit, processState };
    return {
      cpuPercent: meter.percent(name, family.birth, family.ticks, clock.now()),
      memoryBytes: readFamilyMemory(family.members),
      openFds,
      fdLimit,
      processState,
    };
  };
}

async function lookPortable(
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

function sampleOf(workload: Workload, figures: Figures, clock: Clock): ServiceSample {
  const { name, role, state, pid, startedAt, restarts, lastExit, ports, group } = workload;
  const ageMs = startedAt === null ? null : Math.max(0, clock.wall() - startedAt);
  return {
    ...{ name, role, state, pid, ageMs, restarts, lastExit, ports, ...figures },
    ...(group === undefined ? {} : { group }),
  };
}
