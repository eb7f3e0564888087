/** Local time of day of wall-clock milliseconds: `12:04:31`. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** Seconds since the start, as a column: `+12.3s`. */
export function plusSeconds(ms: number): string {
  return `+${(ms / 1000).toFixed(1)}s`;
}
