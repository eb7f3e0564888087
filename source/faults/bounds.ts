import { FaultRefused } from './refusal.js';

/** The least and the most that a figure of a fault may be, and what it is. */
export interface Bound {
  readonly least: number;
  readonly most: number;
  readonly what: string;
}

/** Of each figure that can be asked for, in its own unit. */
export const BOUNDS = {
  delayMs: { least: 1, most: 30_000, what: 'a delay in ms' },
  lossPercent: { least: 0.01, most: 100, what: 'a loss in percent' },
  kbitPerSecond: { least: 8, most: 10_000_000, what: 'a rate in kbit/s' },
  queueMs: { least: 1, most: 60_000, what: 'a queue in ms' },
  cpus: { least: 0.01, most: 4096, what: 'a limit in cores' },
  /** The daemon's own least (linuxMinMemory of daemon_unix.go). */
  memoryBytes: { least: 6 << 20, most: 2 ** 50, what: 'a limit in bytes' },
  allocatedBytes: { least: 1 << 20, most: 64 * 2 ** 30, what: 'an allocation in bytes' },
  openFiles: { least: 3, most: 1_048_576, what: 'a limit of open files' },
} as const satisfies Record<string, Bound>;

/** A jitter varies a delay: it is no longer than that. */
export const jitterBound = (delayMs: number): Bound => ({ least: 0, most: delayMs, what: 'a jitter in ms' });

/** Signals whose plain effect is the end of a process (signal(7)). */
export const ENDING_SIGNALS = [
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGABRT',
  'SIGSEGV',
] as const;

/** Why the number is out of its bounds; undefined where it lies within them. */
export function outside(value: number, { least, most, what }: Bound): string | undefined {
  if (Number.isFinite(value) && value >= least && value <= most) return undefined;
  return `${what} is ${value}: it has to be ${least} to ${most}`;
}

/** The number when it lies within the bounds. Throws FaultRefused that names what it is and the bounds. */
export function within(value: number, bound: Bound): number {
  const why = outside(value, bound);
  if (why !== undefined) throw new FaultRefused(why);
  return value;
}
