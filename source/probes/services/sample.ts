/** Services: containers, or child processes of the embedded lab. Times are milliseconds. */

import type { LastExit, WorkloadState } from '../../engines/engine.js';
import type { Stopped } from '../../linux/process/stopped.js';
import type { ContainerFacts } from './container.js';

export interface ServiceSample {
  readonly name: string;
  readonly state: WorkloadState;
  /** Process id on this host, or null when it does not run or runs elsewhere. */
  readonly pid: number | null;
  /** Milliseconds since it was last started, or null. */
  readonly ageMs: number | null;
  /** CPU in per-core percent (one core fully used is 100), or null when unknown. */
  readonly cpuPercent: number | null;
  /**
   * Resident memory in bytes, its child processes included; of a container its cgroup's use less the file cache that
   * the kernel gives back first. Null when unknown.
   */
  readonly memoryBytes: number | null;
  readonly openFds: number | null;
  /** Soft limit of open files, or null when unknown. */
  readonly fdLimit: number | null;
  /** Restarts since the engine first saw it. */
  readonly restarts: number;
  readonly lastExit: LastExit | null;
  /** TCP and UDP ports it serves. */
  readonly ports: readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[];
  /** Scheduler state letter of /proc/<pid>/stat (`R`, `S`, `D`, `T` …), or null. `T` is stopped by a signal. */
  readonly processState: string | null;
  /** That nothing of it works, as its processes are stopped; absent while any of them runs, and where that is not known. */
  readonly stopped?: Stopped;
  /** What it is a replica of: its compose service. Absent where it stands for itself. */
  readonly group?: string;
  readonly container?: ContainerFacts;
}

export interface ServicesSample {
  readonly services: readonly ServiceSample[];
  /**
   * `/proc`, `systeminformation`, `cgroup v1`, `cgroup v2`, `docker stats`; several with a comma between. `docker`
   * where containers are listed and none of them runs.
   */
  readonly means: string;
  /** What their engine calls itself, where that is not Docker: `Podman`. */
  readonly engine?: string;
  /** What could not be read and why, one line each. */
  readonly missing: readonly string[];
}
