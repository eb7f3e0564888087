/** The shape of every probe, and the words for a source that cannot be read. */

/** How much of the machine a probe's read takes; the scheduler starts `table` and `network` probes apart from each other. */
export type ProbeCost = 'counter' | 'table' | 'network';

export interface ProbeContext {
  /** Aborted when the probe's time is over or the console quits; a probe must stop all it started. */
  readonly signal: AbortSignal;
  /** Monotonic milliseconds at which this run began. */
  readonly now: number;
}

/** Reads one source and returns one typed sample. Knows nothing of the store, of Ink, or of the lab. */
export interface Probe<Sample> {
  /** Stable name, by which the registry knows its source: `sockets`, `dns`, `http:GET /todos`, `inside:api`. */
  readonly id: string;
  /** What a person calls it, where that is not in the registry. */
  readonly title?: string;
  /** Where this one reads, where that is more than the registry says: `UDP 127.0.0.1:5353`. */
  readonly reads?: string;
  readonly cost: ProbeCost;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** A failing probe waits longer each time, at most so long (ms; absent: 30 s). Short where a look that fails costs nothing. */
  readonly longestBackoffMs?: number;
  run(context: ProbeContext): Promise<Sample>;
  /** Releases sockets and handles. Called once, at the end. */
  close?(): void;
}

/** Why a source gives no figure. Unknown is never healthy and never sick. */
export type UnavailableKind =
  | 'not-loaded'
  | 'not-readable'
  | 'not-supported'
  | 'not-configured'
  | 'timeout'
  | 'failed';

/** Thrown by a probe whose source cannot be read here; carries the command that would grant it. */
export class Unavailable extends Error {
  readonly kind: UnavailableKind;
  readonly mend: string | undefined;
  constructor(kind: UnavailableKind, message: string, mend?: string) {
    super(message);
    this.name = 'Unavailable';
    this.kind = kind;
    this.mend = mend;
  }
}

/** What the scheduler says of one finished run. */
export type ProbeOutcome<Sample = unknown> =
  | {
      readonly ok: true;
      readonly id: string;
      readonly at: number;
      readonly tookMs: number;
      readonly sample: Sample;
    }
  | {
      readonly ok: false;
      readonly id: string;
      readonly at: number;
      readonly tookMs: number;
      readonly kind: UnavailableKind;
      readonly reason: string;
      readonly mend?: string | undefined;
    };
