/** History in fixed-size typed-array rings: memory does not grow with time. */

export interface Point {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly value: number;
}

/** A signal that got no value for this long (ms) may be let go. */
const SILENT_MS = 120_000;
/** A ring begins with room for so many values and doubles it up to its capacity. */
const FIRST_ROOM = 32;

/** Windows of one signal that are kept, and values of one: a longer one changes before it is asked for again. */
const MOST_WINDOWS = 4;
const MOST_KEPT = 64;

/** A window as it was told last. */
interface Told {
  readonly ms: number;
  now: number;
  pushed: number;
  points: readonly Point[];
}

/** One signal's last values. */
export class Ring {
  private times: Float64Array;
  private values: Float64Array;
  private head = 0;
  private size = 0;
  /** Values that were ever pushed. */
  private pushed = 0;
  private told: Told[] | undefined;

  constructor(private readonly most: number) {
    this.times = new Float64Array(Math.min(most, FIRST_ROOM));
    this.values = new Float64Array(Math.min(most, FIRST_ROOM));
  }

  /** Room there is now. */
  private get capacity(): number {
    return this.times.length;
  }

  private grow(): void {
    const grown = (from: Float64Array): Float64Array => {
      const to = new Float64Array(Math.min(this.most, 2 * from.length));
      to.set(from);
      return to;
    };
    this.times = grown(this.times);
    this.values = grown(this.values);
    this.head = this.size;
  }

  /** Adds a value; the oldest falls out when the ring is full. NaN is a value that could not be read. */
  push(at: number, value: number): void {
    // Full for the first time: nothing has been overwritten yet, so the values stand in order from 0.
    if (this.size === this.capacity && this.capacity < this.most) this.grow();
    this.pushed++;
    this.times[this.head] = at;
    this.values[this.head] = value;
    this.head = (this.head + 1) % this.capacity;
    this.size = Math.min(this.size + 1, this.capacity);
  }

  get length(): number {
    return this.size;
  }

  /** The i-th value counted from the newest (0). */
  fromEnd(i: number): Point | undefined {
    if (i < 0 || i >= this.size) return undefined;
    const slot = this.slot(i);
    return { at: this.times[slot] as number, value: this.values[slot] as number };
  }

  /** Values not older than `since` (wall-clock ms), oldest first. */
  since(since: number): Point[] {
    const { capacity, times, values } = this;
    let count = 0;
    while (count < this.size && (times[this.slot(count)] as number) >= since) count++;
    const out = new Array<Point>(count);
    for (let i = 0, at = this.slot(count - 1); i < count; i++, at = at + 1 === capacity ? 0 : at + 1)
      out[i] = { at: times[at] as number, value: values[at] as number };
    return out;
  }

  /**
   * What `since(now - ms)` tells. Most signals get a value every few seconds and are asked for the same windows in each
   * look: the list is the one that was told before while nothing was pushed and its oldest value still lies within.
   */
  window(now: number, ms: number): readonly Point[] {
    const told = this.told?.find((one) => one.ms === ms);
    if (told && told.pushed === this.pushed && now >= told.now) {
      const oldest = told.points[0];
      told.now = now;
      if (!oldest || oldest.at >= now - ms) return told.points;
    }
    const points = this.since(now - ms);
    if (points.length > MOST_KEPT) return points;
    const { pushed } = this;
    if (told) Object.assign(told, { now, pushed, points });
    else if ((this.told?.length ?? 0) < MOST_WINDOWS) {
      this.told ??= [];
      this.told.push({ ms, now, pushed, points });
    }
    return points;
  }

  /** Calls back for each value not older than `since` (wall-clock ms), oldest first: no list is made. */
  each(since: number, onValue: (value: number, at: number) => void): void {
    let count = 0;
    while (count < this.size && (this.times[this.slot(count)] as number) >= since) count++;
    for (let i = count - 1; i >= 0; i--) {
      const slot = this.slot(i);
      onValue(this.values[slot] as number, this.times[slot] as number);
    }
  }

  /** The newest value that was read, if it is not older than `since` (wall-clock ms). */
  newestSince(since: number): Point | undefined {
    for (let i = 0; i < this.size; i++) {
      const slot = this.slot(i);
      if ((this.times[slot] as number) < since) return undefined;
      if (Number.isFinite(this.values[slot])) return this.fromEnd(i);
    }
    return undefined;
  }

  /** Where the i-th value counted from the newest (0) lies. */
  private slot(i: number): number {
    const at = this.head - 1 - i;
    return at < 0 ? at + this.capacity : at;
  }
}

/** All signals' rings by name. Names are `<source>.<figure>` with an optional `{label}`: `http.ok{GET /todos}`. */
export class SeriesBook {
  private readonly rings = new Map<string, Ring>();
  /** Before this time (wall-clock ms) none can have been silent for long: rings only get newer. */
  private noneSilentBefore = Number.NEGATIVE_INFINITY;

  /**
   * `capacity` points a signal (default 600), at most `limit` signals (default 3,000: thirty containers with 40 each,
   * and their connections): a hard bound of memory, 29 MB. When it is full, the signal that has been silent for
   * longest makes room: its container is gone.
   */
  constructor(
    readonly capacity = 600,
    readonly limit = 3_000,
  ) {}

  push(name: string, at: number, value: number): void {
    let ring = this.rings.get(name);
    if (!ring) {
      if (this.rings.size >= this.limit && !this.forgetSilent(at)) return;
      ring = new Ring(this.capacity);
      this.rings.set(name, ring);
    }
    ring.push(at, value);
  }

  /** False when none has been silent for two minutes. */
  private forgetSilent(now: number): boolean {
    if (now < this.noneSilentBefore) return false;
    let silent: string | undefined;
    let oldest = Number.POSITIVE_INFINITY;
    for (const [name, ring] of this.rings) {
      const at = ring.fromEnd(0)?.at ?? 0;
      if (at < oldest) [silent, oldest] = [name, at];
    }
    this.noneSilentBefore = oldest + SILENT_MS;
    return silent !== undefined && oldest < now - SILENT_MS && this.rings.delete(silent);
  }

  get(name: string): Ring | undefined {
    return this.rings.get(name);
  }

  /** Lets go of what was read of one that is no more: `http.ok{GET /}`, of `http` and `GET /`. */
  forget(source: string, label: string): void {
    for (const name of this.rings.keys())
      if (name.startsWith(`${source}.`) && name.endsWith(`{${label}}`)) this.rings.delete(name);
  }

  names(): string[] {
    return [...this.rings.keys()];
  }
}
