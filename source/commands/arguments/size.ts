import { UsageError } from './usage-error.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes of a size as docker writes it: `64m`, `1g`, `1.5g`. Throws UsageError that names `option`. */
export function parseSize(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)([bkmg]?)(?:i?b)?$/i.exec(text.trim());
  const factor = match ? UNITS[(match[2] as string).toLowerCase()] : undefined;
  if (!match || factor === undefined)
    throw new UsageError(`${option} ${text} is not a size: write one like 64m or 1g`);
  const bytes = Math.round(Number(match[1]) * factor);
  if (bytes <= 0) throw new UsageError(`${option} ${text} is nothing at all: write a size like 64m`);
  return bytes;
}
