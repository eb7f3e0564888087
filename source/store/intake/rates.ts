/** Counters made into rates. */

interface Reading {
  /** Wall-clock ms. */
  readonly at: number;
  readonly value: number;
  /** What the counter is a part of: another one counts from its own beginning. */
  readonly of: string;
}

/** Counters remembered at most: some 25 of each of thirty containers, and of those that were there before. */
const MOST_COUNTERS = 3_000;

/**
 * Remembers the last reading of each counter. A counter that decreased was reset (its namespace is new) and a
 * reading without a predecessor has no rate: both give NaN, never a negative or a made-up figure.
 */
export class Rates {
  private readonly last = new Map<string, Reading>();

  /** Per second since the reading before of the same `of`; NaN when it cannot be told. */
  perSecond(counter: string, at: number, value: number | null, of = ''): number {
    if (value === null) return Number.NaN;
    const before = this.last.get(counter);
    // Put at the end: what stands first has not been read for longest, and its container is gone.
    this.last.delete(counter);
    this.last.set(counter, { at, value, of });
    if (this.last.size > MOST_COUNTERS) this.last.delete(this.last.keys().next().value as string);
    if (!before || before.of !== of || at <= before.at || value < before.value) return Number.NaN;
    return ((value - before.value) * 1000) / (at - before.at);
  }
}
