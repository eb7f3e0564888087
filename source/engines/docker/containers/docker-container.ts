import type { Workload } from '../../engine.js';

export interface ContainerNetwork {
  readonly name: string;
  /** IPv4, else IPv6 address; null while it has none. */
  readonly address: string | null;
  /** Of a container that does not run: the address it had there when it last did, as far as it was seen. */
  readonly formerAddress?: string;
  /** Further names that its resolver knows it by there; absent while only the list is known. */
  readonly aliases?: readonly string[];
}

/** A port of a container as the host sees it; `hostPort` is null when it is exposed and not published. */
export interface PublishedPort {
  readonly protocol: string;
  readonly port: number;
  readonly hostAddress: string | null;
  readonly hostPort: number | null;
}

/** What a container may use; null is no limit. */
export interface ContainerLimits {
  readonly memoryBytes: number | null;
  /** Cores: 0.2 is a fifth of one. */
  readonly cpus: number | null;
  readonly pids: number | null;
}

export type ContainerHealth = 'none' | 'starting' | 'healthy' | 'unhealthy';

/** What a container's health check says while it fails. */
export interface FailingCheck {
  /** Checks in a row that failed. */
  readonly streak: number;
  /** When the first of them began, wall-clock ms, by their pace where that is forgotten; null when it was not told. */
  readonly since: number | null;
  /** Of the last one: its exit code, and what it printed. */
  readonly exitCode: number | null;
  readonly output: string;
}

/** A container as its daemon tells of it. Every text is data from outside: not sanitised. */
export interface DockerContainer extends Workload {
  /** As its daemon says, where the process is one of this host; null for a daemon elsewhere. */
  readonly pid: number | null;
  /** Full id, 64 hexadecimal digits. */
  readonly id: string;
  /** Docker's own word: `running`, `created`, `restarting`, `removing`, `dead` ... */
  readonly status: string;
  readonly health: ContainerHealth;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly composeProject: string | null;
  readonly composeService: string | null;
  readonly networks: readonly ContainerNetwork[];
  /** `host`, `none`, `default`, `container:<id>`, or a network's name. */
  readonly networkMode: string;
  readonly publishedPorts: readonly PublishedPort[];
  readonly limits: ContainerLimits;
  /** `no`, `always`, `on-failure:3` ... */
  readonly restartPolicy: string;
  /** OOM kills in it since it is watched, of any of its processes; 1 at least when Docker says that one ended it. */
  readonly oomKills: number;
  /** Its output is a terminal's: no stderr apart, lines with escape sequences. */
  readonly tty: boolean;
  /** When it was made, wall-clock ms; absent while only the list is known. */
  readonly createdAt?: number;
  /** Why it could not be started the last time, in the daemon's words (`State.Error`). */
  readonly startError?: string;
  /** Made for one task and gone after it: `docker compose run`, `docker run --rm`. */
  readonly isTask?: boolean;
  /** Present while its health check fails. */
  readonly check?: FailingCheck;
  /** What it said last before its last end in error: the line that tells why, as far as one does. */
  readonly lastWords?: string;
  /** Why its output cannot be read, in the daemon's words (a log driver that keeps nothing); absent while it can. */
  readonly outputTrouble?: string;
  /** False while only the daemon's list is known (its details did not come in time). */
  readonly detailed: boolean;
}
