/** Services of systemd on this host. Times are wall-clock milliseconds; null is unknown. */

export interface Unit {
  /** `nginx.service`; of a socket that systemd gave up `ssh.socket`. */
  readonly name: string;
  /**
   * `failed`: systemd gave it up; `restarting`: it ended and waits to be started again; `stopped`: it ran, or was to run
   * since the host began, and does not, as somebody wants it; `running` is everything else.
   */
  readonly state: 'failed' | 'restarting' | 'stopped' | 'running';
  /** How it last ended, for a person: "ended with exit code 3". */
  readonly ending: string | null;
  /** Why systemd counts that as a failure: `exit-code`, `signal`, `start-limit-hit` …. */
  readonly result: string;
  /** How often systemd has started it again by itself since somebody did. */
  readonly restarts: number;
  /** `no`, `always`, `on-failure` …. */
  readonly restartPolicy: string;
  /** A job that is to end: it serves nobody. */
  readonly oneshot: boolean;
  /** What it begins with: program and arguments, 400 characters at most. */
  readonly command: string;
  /** When it last ended, and last came up. */
  readonly endedAt: number | null;
  readonly startedAt: number | null;
  /** TCP ports at which systemd listens, or listened, for it. */
  readonly ports?: readonly number[];
  /** The socket by which it is started, where systemd gave that up as well. */
  readonly failedSocket?: string;
  /** Units that cannot be without it, eight at most; absent for none. */
  readonly requiredBy?: readonly string[];
  /** The line of its last run that says why it ended, as its journal has it; of what is down only. */
  readonly lastWords?: string;
}

export interface UnitsSample {
  /** Those that are down first, then those that were stopped; what runs is a minute old at most. */
  readonly units: readonly Unit[];
}
