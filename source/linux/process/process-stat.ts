/** Clock ticks a second that /proc reports in; USER_HZ is 100 on every architecture Linux has (man 5 proc). */
export const USER_HZ = 100;

export interface ProcessStat {
  readonly pid: number;
  readonly command: string;
  /** `R` running, `S` sleeping, `D` disk, `T` stopped by a signal, `t` traced, `Z` zombie, `I` idle. */
  readonly state: string;
  readonly parent: number;
  /** Ticks used by the process, and by its children that it has waited for. */
  readonly ticks: number;
  readonly childTicks: number;
  /** Ticks after boot at which it started: with the pid this names a process for good. */
  readonly startTicks: number;
}

/**
 * /proc/<pid>/stat. The command stands in parentheses and may itself hold spaces, parentheses and newlines, so the
 * fields are counted from the last `)`. Undefined when the text is no such line.
 */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 1 || close < open) return undefined;
  const fields = text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
  const number = (field: number): number => Number(fields[field - 3]);
  const stat: ProcessStat = {
    pid: Number(text.slice(0, open)),
    command: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parent: number(4),
    ticks: number(14) + number(15),
    childTicks: number(16) + number(17),
    startTicks: number(22),
  };
  const whole = [stat.pid, stat.parent, stat.ticks, stat.childTicks, stat.startTicks].every(Number.isFinite);
  return whole && /^[A-Za-z]$/.test(stat.state) ? stat : undefined;
}
