import { uptime } from 'node:os';
import { type LoggedOomKill, loggedOomKills } from '../../../linux/kernel-log/oom-kills.js';

/** SIGKILL, as an exit code. */
const KILLED = 137;
/** A kill for memory comes before the end that it makes, by so much at most (ms). */
const BEFORE_MS = 10_000;
/** The clock of the kernel's log is not disciplined as others are: a quartz is off by 50 parts in a million at most. */
const DRIFT = 100e-6;
/** The end may be told with a time that is a little earlier (ms). */
const AFTER_MS = 2_000;

/** The end of a container; times are wall-clock ms. */
export interface UntoldEnd {
  readonly id: string;
  readonly at: number;
  /** Null where it was not told. */
  readonly code: number | null;
}

/**
 * Kills for memory as the kernel's own log has them: Podman sends no `oom` event, and on cgroup v1 its OOMKilled stays
 * false (measured with 4.3). The log is read once for all ends that were before.
 */
export class UntoldOoms {
  #read: { readonly at: number; readonly kills: readonly LoggedOomKill[] } | undefined;

  constructor(
    private readonly readLog: () => readonly LoggedOomKill[] = loggedOomKills,
    private readonly now: () => number = Date.now,
    private readonly bootedAt: number = Date.now() - 1_000 * uptime(),
  ) {}

  /** When the kernel killed in a container right before its end; undefined where it did not, or its log does not tell. */
  before({ id, at, code }: UntoldEnd): number | undefined {
    if (code !== null && code !== KILLED) return undefined;
    const slack = DRIFT * Math.max(0, at - this.bootedAt);
    const kill = this.#killsBy(at).findLast(({ group, sinceBootMs }) => {
      const early = at - (this.bootedAt + sinceBootMs);
      return group.includes(id) && early <= BEFORE_MS + slack && early >= -AFTER_MS - slack;
    });
    return kill && Math.min(at, Math.round(this.bootedAt + kill.sinceBootMs));
  }

  #killsBy(at: number): readonly LoggedOomKill[] {
    if (this.#read === undefined || this.#read.at <= at)
      this.#read = { at: this.now(), kills: this.readLog() };
    return this.#read.kills;
  }
}
