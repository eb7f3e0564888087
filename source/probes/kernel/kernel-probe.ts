import { asRoot } from '../../linux/as-root.js';
import { parseCounters } from '../../linux/proc-net/counters.js';
import { ReadError, readText } from '../../linux/read-text.js';
import { type Probe, Unavailable } from '../probe.js';
import { KERNEL_COUNTERS, type KernelCounter, type KernelSample } from './sample.js';

export interface KernelProbeOptions {
  /** Folder of the network namespace to read: `/proc/<pid>/net` for a container's. */
  readonly netFolder?: string;
  readonly intervalMs?: number;
}

/** Counters of TCP and UDP since the namespace began. A counter this kernel does not have is null. */
export function createKernelProbe(options: KernelProbeOptions = {}): Probe<KernelSample> {
  const folder = options.netFolder ?? '/proc/net';
  const means = `${folder}/snmp, ${folder}/netstat`;
  return {
    id: 'kernel',
    cost: 'counter',
    intervalMs: options.intervalMs ?? 1_000,
    timeoutMs: 1_000,
    async run(): Promise<KernelSample> {
      const read = new Map([...readCounters(`${folder}/snmp`), ...readCounters(`${folder}/netstat`)]);
      const counters = Object.fromEntries(
        KERNEL_COUNTERS.map((name) => [name, read.get(name) ?? null]),
      ) as Record<KernelCounter, number | null>;
      return { counters, means };
    },
  };
}

function readCounters(path: string): Map<string, number> {
  try {
    return parseCounters(readText(path));
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    if (error.failure === 'missing')
      throw new Unavailable(
        'not-supported',
        `this system has no ${path}: TCP counters are read on Linux only`,
      );
    throw new Unavailable('not-readable', `${path} is not readable here`, asRoot());
  }
}
