import type { Verb } from './verbs.js';

/** Where workloads live: child processes of the embedded lab, Docker containers, Swarm services. */

/** What a workload is doing, as its engine knows it. */
export type WorkloadState = 'running' | 'starting' | 'paused' | 'stopping' | 'exited' | 'unknown';

export interface LastExit {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  /** Name of the signal, or null. */
  readonly signal: string | null;
  /** Wall-clock milliseconds. */
  readonly at: number;
  /** What the figure means, for a person; 137 is "killed (SIGKILL)", which alone is no proof of OOM. */
  readonly meaning: string;
}

export interface Workload {
  readonly name: string;
  readonly state: WorkloadState;
  readonly pid: number | null;
  /** Wall-clock milliseconds of its last start, or null. */
  readonly startedAt: number | null;
  readonly restarts: number;
  readonly lastExit: LastExit | null;
  /** What a host can reach it by. */
  readonly ports: readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[];
  /**
   * What it is a replica of: its compose service, as the label `com.docker.compose.service` says, which whoever starts
   * containers may set by hand. Absent where it stands for itself.
   */
  readonly group?: string;
}

export interface EngineEvent {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly workload: string;
  /** Docker's own word: `kill`, `die`, `oom`, `start`, `restart`, `stop`, `pause`, `update`, `disconnect` … */
  readonly action: string;
  /** For a person, and nothing is read back from it: `signal 9`, `exit code 137: killed (SIGKILL)`. */
  readonly detail: string;
  /** Number of the signal of a `kill`, where it was told. */
  readonly signal?: number;
  /** Of a `die`, where it was told. */
  readonly exitCode?: number;
  /** Of a `connect` or `disconnect`. */
  readonly network?: string;
  /** Of a `destroy`: addresses that it had, as far as they are known, and names its networks knew it by. */
  readonly addresses?: readonly string[];
  readonly names?: readonly string[];
}

export interface EngineLogLine {
  readonly workload: string;
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  /** One line without its newline, as it came: not sanitised yet, at most 4,096 characters. */
  readonly text: string;
  /** Lines of this workload right before it that came too fast to be told; absent for none. */
  readonly skipped?: number;
}

/**
 * What can be done to a workload of this name, one method a verb: resolves when it is done. Every call ends within its
 * own deadline and throws an Error that names the cause.
 */
export type Lifecycle = { [verb in Verb]: (name: string) => Promise<void> };

/** The workloads of one engine, what can be done to them, and what they tell. */
export interface Engine extends Lifecycle {
  readonly kind: 'embedded' | 'docker';
  list(): readonly Workload[];
  /** Newest lines last; a bounded tail (at most 1,000 lines a workload). */
  logs(name: string): readonly EngineLogLine[];
  /** Calls back for each event and log line until the returned function is called. */
  onEvent(listener: (event: EngineEvent) => void): () => void;
  onLog(listener: (line: EngineLogLine) => void): () => void;
  /** What it calls itself: `Docker`, `Podman`; absent or undefined where it is no daemon, or has not answered yet. */
  product?(): string | undefined;
  /** What happened to its workloads in the hour before it was first met, oldest first; absent where nobody can tell. */
  past?(): readonly EngineEvent[];
  /** Why its workloads cannot be asked now, and the command that mends it; absent or undefined while they can. */
  trouble?(): { readonly reason: string; readonly mend: string } | undefined;
  /** Ends everything it started; resolves when nothing is left. Safe to call twice. */
  close(): Promise<void>;
}
