/** History in fixed-size typed-array rings: memory does not grow with time. */

export interface Point {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly value: number;
}

/** One signal's last values. */
export class Ring {
  private readonly times: Float64Array;
  private readonly values: Float64Array;
  private head = 0;
  private size = 0;

  constructor(readonly capacity: number) {
    this.times = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
  }

  /** Adds a value; the oldest falls out when the ring is full. NaN is a value that could not be read. */
  push(at: number, value: number): void {
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
    const at = (this.head - 1 - i + 2 * this.capacity) % this.capacity;
    return { at: this.times[at] as number, value: this.values[at] as number };
  }

  /** Values not older than `since` (wall-clock ms), oldest first. */
  since(since: number): Point[] {
    const out: Point[] = [];
    for (let i = 0; i < this.size; i++) {
      const point = this.fromEnd(i) as Point;
      if (point.at < since) break;
      out.push(point);
    }
    return out.reverse();
  }
}

/** All signals' rings by name. Names are `<source>.<figure>` with an optional `{label}`: `http.ok{GET /todos}`. */
export class SeriesBook {
  private readonly rings = new Map<string, Ring>();

  /** `capacity` points a signal (default 600), at most `limit` signals (default 400): a hard bound of memory. */
  constructor(
    readonly capacity = 600,
    readonly limit = 400,
  ) {}

  push(name: string, at: number, value: number): void {
    let ring = this.rings.get(name);
    if (!ring) {
      if (this.rings.size >= this.limit) return;
      ring = new Ring(this.capacity);
      this.rings.set(name, ring);
    }
    ring.push(at, value);
  }

  get(name: string): Ring | undefined {
    return this.rings.get(name);
  }

  names(): string[] {
    return [...this.rings.keys()];
  }
}
