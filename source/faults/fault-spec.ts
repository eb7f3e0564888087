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
