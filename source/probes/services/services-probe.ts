import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import { type Clock, systemClock } from '../../clock.js';
import type { Workload } from '../../engines/engine.js';
import { StopReader } from '../../linux/process/stopped.js';
import { createChildrenTable } from '../children.js';
import type { Probe } from '../probe.js';
import { Containers, isContainer } from './containers.js';
import { CpuMeter } from './cpu-meter.js';
import { type Figures, lookInProc, lookPortable } from './process-figures.js';
import type { ServiceSample, ServicesSample } from './sample.js';

/** A few are looked at more often than many (ms): some twenty small files each. */
const FEW = 10;
const INTERVAL_MS = { few: 1_000, many: 2_000 } as const;
const PORTABLE_INTERVAL_MS = 3_000;

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
  const stops = new StopReader();
  const containers = new Containers(options.docker ?? (() => null), clock);
  const childrenNow = createChildrenTable(clock);
  const means = options.means ?? (existsSync('/proc/self/stat') ? 'proc' : 'systeminformation');

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
    reads: readsOf(means, options.docker !== undefined),
    // Eight small files a container: on a host with hundreds of them it may look less often.
    cost: options.docker ? 'table' : 'counter',
    get intervalMs() {
      if (options.intervalMs !== undefined) return options.intervalMs;
      if (means !== 'proc') return PORTABLE_INTERVAL_MS;
      return options.workloads().length <= FEW ? INTERVAL_MS.few : INTERVAL_MS.many;
    },
    timeoutMs: 5_000,
    async run(): Promise<ServicesSample> {
      const workloads = options.workloads();
      meter.keepOnly(new Set(workloads.map(({ name }) => name)));
      containers.keepOnly(new Set(workloads.filter(isContainer).map(({ id }) => id)));
      const looking: Looking = { missing: [], means: new Set() };
      const processes =
        means === 'proc'
          ? lookInProc(workloads, childrenNow, meter, stops, clock, looking.missing)
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

function sampleOf(workload: Workload, figures: Figures, clock: Clock): ServiceSample {
  const { name, state, pid, startedAt, restarts, lastExit, ports, group } = workload;
  const ageMs = startedAt === null ? null : Math.max(0, clock.wall() - startedAt);
  return {
    ...{ name, state, pid, ageMs, restarts, lastExit, ports, ...figures },
    ...(group === undefined ? {} : { group }),
  };
}

function readsOf(means: 'proc' | 'systeminformation', isDocker: boolean): string {
  if (means === 'systeminformation') return isDocker ? 'docker stats' : 'systeminformation';
  return isDocker
    ? 'cgroup files or docker stats, /proc/<pid>/{stat,fd,limits}'
    : '/proc/<pid>/{stat,status,fd,limits}';
}
