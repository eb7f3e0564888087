/** Figures as people read them. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** "12:04:31" in local time, from wall-clock ms. */
export function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** A stopwatch: "00:33", "1:02:05". */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** How long something that is over took, rounded: "36 s", "2 min 5 s". */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How long, roughly: "4 s", "12 min", "3 h". */
export function roughly(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  return ms < 48 * HOUR ? `${Math.round(ms / HOUR)} h` : `${Math.round(ms / HOUR / 24)} d`;
}

/** A duration in its best unit: "0.4 ms", "981 ms", "1.98 s". */
export function duration(ms: number): string {
  if (ms < 0.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 99_995 ? `${(ms / SECOND).toFixed(2)} s` : `${Math.round(ms / SECOND)} s`;
}

/** Milliseconds for a column that says so in its head: "5,104". */
export function milliseconds(ms: number): string {
  return ms < 0.95 ? ms.toFixed(1) : count(Math.round(ms));
}

/** "5,104". */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** "0 %", "99.6 %", "0.04 %", from a percentage. */
export function percent(value: number): string {
  if (value === 0 || value >= 99.95) return `${Math.round(value)} %`;
  if (value < 0.1) return `${value.toFixed(2)} %`;
  return `${value.toFixed(1).replace(/\.0$/, '')} %`;
}

/** "84 MB" (millions of bytes, as docker prints them). */
export function bytes(value: number): string {
  if (value < 1e3) return `${Math.round(value)} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(value < 1e4 ? 1 : 0)} kB`;
  if (value < 1e9) return `${Math.round(value / 1e6)} MB`;
  return `${(value / 1e9).toFixed(1)} GB`;
}

/** "1 service", "3 services". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
