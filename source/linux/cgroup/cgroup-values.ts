/** Lines `name value` of a flat keyed file; a line that is none, or no whole number, is left out. */
export function parseFlatKeyed(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(\S+) (\d{1,20})$/.exec(line.trim());
    if (match !== null) values.set(match[1] as string, Number(match[2]));
  }
  return values;
}

/** A file with one whole number; null for anything else. */
export function parseSingle(text: string | undefined): number | null {
  const word = text?.trim() ?? '';
  return /^\d{1,20}$/.test(word) ? Number(word) : null;
}

/** Above this a limit of version 1 is none: it is written as the largest number of pages, 0x7ffffffffffff000. */
const NO_LIMIT = 2 ** 62;

/** A limit; null for `max`, for the number that stands for none, and for what is no number. */
export function parseLimit(text: string | undefined): number | null {
  const value = parseSingle(text);
  return value === null || value >= NO_LIMIT ? null : value;
}
