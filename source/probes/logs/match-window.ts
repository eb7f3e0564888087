/** Counts matches of the last while, in one slot a second: memory is the same for one line or a million. */
export class MatchWindow {
  private readonly counts: Uint32Array;
  private readonly seconds: Float64Array;

  constructor(private readonly windowSeconds: number) {
    this.counts = new Uint32Array(windowSeconds);
    this.seconds = new Float64Array(windowSeconds).fill(-1);
  }

  /** Notes one match at a monotonic or wall-clock millisecond. */
  note(atMs: number): void {
    const second = Math.floor(atMs / 1000);
    const slot = ((second % this.windowSeconds) + this.windowSeconds) % this.windowSeconds;
    if (this.seconds[slot] !== second) {
      this.seconds[slot] = second;
      this.counts[slot] = 0;
    }
    this.counts[slot] = (this.counts[slot] ?? 0) + 1;
  }

  /** Matches of the last window up to `nowMs`. */
  recent(nowMs: number): number {
    const now = Math.floor(nowMs / 1000);
    let sum = 0;
    this.seconds.forEach((second, slot) => {
      if (second > now - this.windowSeconds && second <= now) sum += this.counts[slot] ?? 0;
    });
    return sum;
  }
}
