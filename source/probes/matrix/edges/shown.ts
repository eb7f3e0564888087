import type { InsideSample } from '../../inside/sample.js';

/** A look this old (ms) says nothing of now; a container that is calm is looked into every 8 s. */
const FRESH_MS = 10_000;
/** However well its own connections fare, a source is made to knock itself after so long (ms). */
const OWN_KNOCK_MS = 30_000;

/** A way that a container's own connections show to be open. */
export interface Shown {
  /** Milliseconds of a round trip, the least that its new connections saw. */
  readonly ms: number;
}

interface Seen extends Shown {
  readonly at: number;
}

/** Connections that containers made by themselves since the look before: what they show need not be asked. */
export class ShownWays {
  private readonly bySource = new Map<string, ReadonlyMap<string, Seen>>();
  private readonly knocks = new Map<string, number>();

  /** Takes in what a container showed; `now` is wall-clock ms. */
  saw({ name, sockets }: Pick<InsideSample, 'name' | 'sockets'>, now: number): void {
    const ways = new Map<string, Seen>();
    for (const edge of sockets?.edges.list ?? []) {
      const { direction, opened, lateOpened, synSent, states, minRttMs } = edge;
      if (direction !== 'out' || !opened || lateOpened !== 0 || synSent.retried > 0) continue;
      // Of those that are old the least round trip tells of minutes ago.
      const mostlyNew = 2 * opened >= (states.ESTAB ?? 0);
      if (mostlyNew && minRttMs !== null) ways.set(`${edge.peer} ${edge.port}`, { ms: minRttMs, at: now });
    }
    this.bySource.set(name, ways);
  }

  /** What is shown of a way now; undefined where it has to be asked, which is then taken to be done. */
  of(source: string, { address, port }: { address: string; port: number }, now: number): Shown | undefined {
    const key = `${source} ${address} ${port}`;
    const seen = this.bySource.get(source)?.get(`${address} ${port}`);
    const knocked = this.knocks.get(key) ?? Number.NEGATIVE_INFINITY;
    if (seen && now - seen.at <= FRESH_MS && now - knocked < OWN_KNOCK_MS) return { ms: seen.ms };
    this.knocks.set(key, now);
    return undefined;
  }

  /** Forgets all containers but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.bySource.keys()) if (!names.has(name)) this.bySource.delete(name);
    for (const key of this.knocks.keys()) if (!names.has(key.split(' ')[0] ?? '')) this.knocks.delete(key);
  }
}
