/** Every kind of fault, by the name that is typed and written down. */
export const FAULT_KINDS = [
  'delay',
  'loss',
  'drop-peer',
  'dns-answer',
  'dns-drop',
  'bandwidth',
  'cpu',
  'memory',
  'allocate',
  'open-files',
  'kill',
  'pause',
  'disconnect',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault as it is asked for: what, to which container, how much. `target` is a container's name or id. */
export type FaultSpec =
  /** Every round trip of the target takes longer by this, on its way out or in. */
  | { readonly kind: 'delay'; readonly target: string; readonly ms: number; readonly jitterMs?: number }
  /** A share of the packets that arrive at the target is lost, at random. */
  | { readonly kind: 'loss'; readonly target: string; readonly percent: number }
  /** Packets from and to these addresses are lost: `in` only what comes from them, `out` only what goes to them. */
  | {
      readonly kind: 'drop-peer';
      readonly target: string;
      readonly peers: readonly string[];
      readonly ways: 'both' | 'in' | 'out';
    }
  /** Whatever nameserver the target asks, it is told this. */
  | { readonly kind: 'dns-answer'; readonly target: string; readonly rcode: 'NXDOMAIN' | 'SERVFAIL' }
  /** No answer of any nameserver reaches the target. */
  | { readonly kind: 'dns-drop'; readonly target: string }
  /** What the target sends is held to a rate; the queue before it holds up to `queueMs`. */
  | {
      readonly kind: 'bandwidth';
      readonly target: string;
      readonly kbitPerSecond: number;
      readonly queueMs: number;
    }
  /** CPU quota in cores. */
  | { readonly kind: 'cpu'; readonly target: string; readonly cpus: number }
  /** Memory limit (swap off) in bytes. */
  | { readonly kind: 'memory'; readonly target: string; readonly bytes: number }
  /** A process in the target's memory cgroup takes this many bytes; the kernel's OOM killer is led to `victim`. */
  | {
      readonly kind: 'allocate';
      readonly target: string;
      readonly bytes: number;
      readonly victim: 'worker' | 'pid-1';
    }
  /** Soft limit of open files of the target's first process and its children. */
  | { readonly kind: 'open-files'; readonly target: string; readonly limit: number }
  | { readonly kind: 'kill'; readonly target: string; readonly signal: string }
  | { readonly kind: 'pause'; readonly target: string }
  | { readonly kind: 'disconnect'; readonly target: string; readonly network: string };

/** What is asked of one kind. */
export type SpecOf<Kind extends FaultKind> = Extract<FaultSpec, { kind: Kind }>;

/** A fault that cannot or may not be caused on this target; the message says why, and what can be done instead. */
export class FaultRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultRefused';
  }
}

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
