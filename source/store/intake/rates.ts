/** Counters made into rates. */

interface Reading {
  /** Wall-clock ms. */
  readonly at: number;
  readonly value: number;
}

/**
 * Remembers the last reading of each counter. A counter that decreased was reset (its namespace is new) and a
 * reading without a predecessor has no rate: both give NaN, never a negative or a made-up figure.
 */
export class Rates {
  private readonly last = new Map<string, Reading>();

  /** Per second since the reading before; NaN when it cannot be told. */
  perSecond(counter: string, at: number, value: number | null): number {
    if (value === null) return Number.NaN;
    const before = this.last.get(counter);
    this.last.set(counter, { at, value });
    if (!before || at <= before.at || value < before.value) return Number.NaN;
    return ((value - before.value) * 1000) / (at - before.at);
  }
}
