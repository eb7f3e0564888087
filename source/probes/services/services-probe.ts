import { existsSync } from 'node:fs';
import { type Clock, systemClock } from '../../clock.js';
import type { Workload } from '../../engines/engine.js';
import { createChildrenTable } from '../children.js';
import type { Probe } from '../probe.js';
import type { ServiceSample, ServicesSample } from '../samples.js';
import { CpuMeter } from './cpu-meter.js';
import { readFamily } from './family.js';
import { readPortable } from './portable-processes.js';

export interface ServicesProbeOptions {
  /** What the engine lists right now. */
  readonly workloads: () => readonly Workload[];
  readonly clock?: Clock;
  readonly intervalMs?: number;
  /** `/proc`, or undefined to look for it. */
  readonly means?: 'proc' | 'systeminformation';
}

type Figures = Pick<ServiceSample, 'cpuPercent' | 'memoryBytes' | 'openFds' | 'fdLimit' | 'processState'>;

const UNKNOWN: Figures = {
  cpuPercent: null,
  memoryBytes: null,
  openFds: null,
  fdLimit: null,
  processState: null,
};

/** State and use of each service: its process and all below it. What cannot be read is null and named in `missing`. */
export function createServicesProbe(options: ServicesProbeOptions): Probe<ServicesSample> {
  const clock = options.clock ?? systemClock;
  const meter = new CpuMeter();
  const childrenNow = createChildrenTable(clock);
  const means = options.means ?? (existsSync('/proc/self/stat') ? 'proc' : 'systeminformation');

  return {
    id: 'services',
    title: 'Services',
    reads: means === 'proc' ? '/proc/<pid>/{stat,status,fd,limits}' : 'systeminformation',
    cost: 'counter',
    intervalMs: options.intervalMs ?? (means === 'proc' ? 1_000 : 3_000),
    timeoutMs: 5_000,
    async run(): Promise<ServicesSample> {
      const workloads = options.workloads();
      meter.keepOnly(new Set(workloads.map(({ name }) => name)));
      const missing: string[] = [];
      const look =
        means === 'proc'
          ? lookInProc(workloads, childrenNow, meter, clock, missing)
          : await lookPortable(workloads, missing);
      return {
        services: workloads.map((workload) => sampleOf(workload, look(workload), clock)),
        means: means === 'proc' ? '/proc' : 'systeminformation',
        missing: [...new Set(missing)],
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
  return ({ name, pid }) => {
    const family = pid === null ? undefined : readFamily(pid, children, roots);
    if (!family) return UNKNOWN;
    if (family.openFds === null)
      missing.push(`open files of ${name}: /proc/${pid}/fd belongs to another user (run faultline as root)`);
    return {
      cpuPercent: meter.percent(name, family.birth, family.ticks, clock.now()),
      memoryBytes: family.memoryBytes,
      openFds: family.openFds,
      fdLimit: family.fdLimit,
      processState: family.state,
    };
  };
}

async function lookPortable(
  workloads: readonly Workload[],
  missing: string[],
): Promise<(workload: Workload) => Figures> {
  missing.push('open files and their limit: this system has no /proc');
  const readings = await readPortable(workloads.flatMap(({ pid }) => pid ?? []));
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
  const { name, role, state, pid, startedAt, restarts, lastExit, ports } = workload;
  const ageMs = startedAt === null ? null : Math.max(0, clock.wall() - startedAt);
  return { name, role, state, pid, ageMs, restarts, lastExit, ports, ...figures };
}
