/** Services of systemd on this host. Times are wall-clock milliseconds; null is unknown. */

export interface Unit {
  /** `nginx.service`. */
  readonly name: string;
  /**
   * `failed`: systemd gave it up; `restarting`: it ended and waits to be started again; `running` is everything else that
   * is not down.
   */
  readonly state: 'failed' | 'restarting' | 'running';
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
}

export interface UnitsSample {
  /** Those that are down first, 200 at most. */
  readonly units: readonly Unit[];
}
