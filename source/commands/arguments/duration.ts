import { UsageError } from './usage-error.js';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
/** Longest duration taken: setTimeout's own bound is 24.8 days, a day is long enough for every use here. */
const LONGEST_MS = 24 * UNITS.h;
const EXAMPLES = 'like 20s, 500ms or 2m';

/**
 * Milliseconds of a duration as it is typed: a number and one of ms, s, m, h. Throws UsageError that names `option`
 * and the nearest right thing when it is none, negative, zero, or longer than a day.
 */
export function parseDuration(text: string, option: string): number {
  const match = /^([+-]?)(\d+(?:\.\d+)?|\.\d+)([a-z]*)$/i.exec(text.trim());
  if (!match) throw new UsageError(`${option} ${text} is not a duration: write one ${EXAMPLES}`);
  const [, sign, number, unit] = match as unknown as [string, string, string, string];
  if (sign === '-') throw new UsageError(`${option} ${text} is negative: write a duration ${EXAMPLES}`);
  if (unit === '') throw new UsageError(`${option} ${text} has no unit: did you mean ${number}s?`);
  const factor = UNITS[unit.toLowerCase() as keyof typeof UNITS];
  if (factor === undefined)
    throw new UsageError(
      `${option} ${text} has an unknown unit ${unit}: did you mean ${number}${near(unit)}?`,
    );
  const ms = Number(number) * factor;
  if (ms <= 0) throw new UsageError(`${option} ${text} is no time at all: write a duration ${EXAMPLES}`);
  if (ms > LONGEST_MS) throw new UsageError(`${option} ${text} is longer than a day: at most 24h`);
  return ms;
}

/** The unit that a word like `sec` or `minutes` stands for. */
function near(unit: string): string {
  const word = unit.toLowerCase();
  if (word.startsWith('mil') || word.startsWith('ms')) return 'ms';
  return word.startsWith('m') ? 'm' : word.startsWith('h') ? 'h' : 's';
}
