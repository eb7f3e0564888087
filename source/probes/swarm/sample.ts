/** Services of a Docker Swarm, as a manager tells of them. Times are wall-clock milliseconds. */

export interface SwarmTask {
  readonly id: string;
  /** Replica number, or null for a global service. */
  readonly slot: number | null;
  readonly state: string;
  readonly desired: string;
  readonly createdAt: number;
  /** When its state last changed. */
  readonly changedAt: number;
  /** Container id, or null before it has one. */
  readonly container: string | null;
  readonly exitCode: number | null;
  /** The reason it gives: "task: non-zero exit (137)". Null when it gives none. */
  readonly error: string | null;
  readonly node: string | null;
}

export interface SwarmService {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly desired: number;
  readonly running: number;
  /** Newest first, at most 20. */
  readonly tasks: readonly SwarmTask[];
  /** How long the newest replacement took, from the end of a task to its successor running; ms, or null. */
  readonly replacedInMs: number | null;
  readonly limits: { readonly cpus: number | null; readonly memoryBytes: number | null };
  /** `updating`, `completed`, `paused`, `rollback_completed` …; null when it was never updated. */
  readonly updateState: string | null;
  readonly updateMessage: string | null;
  readonly endpointMode: 'vip' | 'dnsrr';
}

export interface SwarmSample {
  readonly services: readonly SwarmService[];
  readonly nodes: { readonly ready: number; readonly total: number };
}
