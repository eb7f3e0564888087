/** Soft limit of open files in /proc/<pid>/limits; Infinity for `unlimited`, null when the line is not there. */
export function parseOpenFileLimit(text: string): number | null {
  const match = /^Max open files\s+(\d+|unlimited)\s/m.exec(text);
  if (!match) return null;
  return match[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(match[1]);
}
