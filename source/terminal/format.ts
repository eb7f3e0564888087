/** Figures as people read them, on the screen, in reports and in findings. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Names that one sentence holds. */
const MOST_LISTED = 3;

/** A time of day, from wall-clock ms, in local time: "12:04:31". */
export function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** A measured duration (ms), to the digit that matters: "0.4 ms", "981 ms", "5.1 s", from a minute on as `elapsed`. */
export function duration(ms: number): string {
  if (ms < 0.95) return `${Number(Math.max(0, ms).toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < MINUTE - 50 ? seconds(ms) : elapsed(ms);
}

/** A time (ms) in seconds, to a tenth, as bounds and marks are told: "0.3 s", "5.0 s". */
export const seconds = (ms: number): string => `${(ms / SECOND).toFixed(1)} s`;

/** How long something went on (ms), in whole seconds: "36 s", "2 min 5 s", "1 h 12 min". */
export function elapsed(ms: number): string {
  const whole = Math.max(0, Math.round(ms / SECOND));
  const minutes = Math.floor(whole / 60);
  if (minutes === 0) return `${whole} s`;
  return minutes < 60
    ? parts([minutes, 'min'], [whole % 60, 's'])
    : parts([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
}

/** How long ago something was (ms), in one unit: "4 s", "12 min", "3 h", "2 d". */
export function roughly(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  return ms < 48 * HOUR ? `${Math.round(ms / HOUR)} h` : `${Math.round(ms / HOUR / 24)} d`;
}

/** A clock that runs (ms): "00:33", "1:02:05". */
export function stopwatch(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / SECOND));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Milliseconds for a column that says so in its head: "0.4", "5,104". */
export function milliseconds(ms: number): string {
  return ms < 0.95 ? ms.toFixed(1) : count(Math.round(ms));
}

/** A whole number: "5,104". */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A number with its noun: "1 service", "3 services". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Names in a sentence, the first three of many: "a", "a and b", "a, b, c and 2 more". */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED);
  const last = names.length > MOST_LISTED ? `${names.length - MOST_LISTED} more` : shown.pop();
  return shown.length > 0 ? `${shown.join(', ')} and ${last}` : (last ?? '');
}

/** Names in short, the first three of many: "a", "a, b", "a, b, c and 2 more". */
export function inShort(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).join(', ');
  return names.length > MOST_LISTED ? `${shown} and ${names.length - MOST_LISTED} more` : shown;
}

/** The figure of a rate: "0.4", "3", "123". */
export function rate(value: number): string {
  return String(value < 10 ? Number(value.toFixed(1)) : Math.round(value));
}

/** A rate: "0.4 /s", "123 /s". */
export function perSecond(value: number): string {
  return `${rate(value)} /s`;
}

/** A percentage (0 to 100): "0 %", "0.04 %", "99.6 %", "100 %". */
export function percent(value: number): string {
  if (value === 0 || value >= 99.95) return `${Math.round(value)} %`;
  if (value < 0.1) return `${value.toFixed(2)} %`;
  return `${value.toFixed(1).replace(/\.0$/, '')} %`;
}

/** A share (0 to 1) as a percentage. */
export function percentOf(share: number): string {
  return percent(100 * share);
}

/** Bytes in millions, as docker prints them: "84 MB". */
export function bytes(value: number): string {
  if (value < 1e3) return `${Math.round(value)} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(value < 1e4 ? 1 : 0)} kB`;
  if (value < 1e9) return `${Math.round(value / 1e6)} MB`;
  return `${(value / 1e9).toFixed(1)} GB`;
}

/** "2 min 5 s", and "2 min" where the second figure is zero. */
function parts(...figures: readonly (readonly [number, string])[]): string {
  return figures
    .filter(([value], index) => index === 0 || value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}
