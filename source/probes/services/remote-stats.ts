import type Docker from 'dockerode';
import type { Clock } from '../../clock.js';
import { InFlight } from '../../engines/docker/containers/in-flight.js';
import { readOneShotStats } from '../../engines/docker/containers/one-shot-stats.js';
import type { CgroupReading } from '../../linux/cgroup/cgroup-reading.js';
import type { Look } from './container-meter.js';

/** One answer costs a daemon of 20.10 0.8 s (measured): no more than so many at once, and none twice in this time (ms). */
const MOST_ASKED = 8;
export const STATS_INTERVAL_MS = 5_000;
/** A figure that was not renewed for this long (ms) is none. */
const OUTDATED_MS = 4 * STATS_INTERVAL_MS;

interface Answer {
  /** Monotonic ms: when it was last asked for, and when it came. */
  readonly askedAt: number;
  readonly at: number;
  readonly reading: CgroupReading | undefined;
}

/** Use of containers as their daemon tells it, for those whose cgroup files are not on this host. Asks in the background. */
export class RemoteStats {
  readonly #answers = new Map<string, Answer>();
  readonly #flight = new InFlight(MOST_ASKED);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last answer for a container, with its time; asks for the next one where it is due. */
  look(docker: Docker | null, id: string): Look | undefined {
    const now = this.#clock.now();
    const known = this.#answers.get(id);
    if (docker !== null && (known === undefined || now - known.askedAt >= STATS_INTERVAL_MS)) {
      this.#answers.set(id, { reading: known?.reading, at: known?.at ?? now, askedAt: now });
      void this.#ask(docker, id);
    }
    if (!known?.reading || now - known.at >= OUTDATED_MS) return undefined;
    return { reading: known.reading, at: known.at, own: false };
  }

  /** Forgets containers that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#answers.keys()) if (!ids.has(id)) this.#answers.delete(id);
  }

  /** A daemon that does not answer is the engine's to tell; the last answer grows old. */
  async #ask(docker: Docker, id: string): Promise<void> {
    await this.#flight.run(async () => {
      if (!this.#answers.has(id)) return;
      const reading = await readOneShotStats(docker, id).catch(() => undefined);
      const known = this.#answers.get(id);
      if (known && reading) this.#answers.set(id, { ...known, reading, at: this.#clock.now() });
    });
  }
}
