/** How figures are written in findings. */

/** Milliseconds for a person: `0.4 ms`, `21 ms`, `5.1 s`, `2 min`. */
export function duration(ms: number): string {
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** A share (0 to 1) as percent: `0 %`, `99.9 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${Number.isInteger(value) || value >= 99.95 ? Math.round(value) : value.toFixed(1)} %`;
}

/** The figure of a rate: `3`, `0.4`, `123`. */
export const rate = (value: number): string =>
  String(value < 10 ? Number(value.toFixed(1)) : Math.round(value));

/** A rate: `3 /s`, `0.4 /s`. */
export const perSecond = (value: number): string => `${rate(value)} /s`;

/** `1 lookup`, `62 lookups`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
