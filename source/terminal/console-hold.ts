import { formatWithOptions } from 'node:util';

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;
/** A library that writes a line a second for an hour must not fill the memory. */
const LIMIT = 100;

/** Keeps what is written with `console` while the screen is ours; `release` gives it back and returns the newest lines. */
export function holdConsole(target: Console = console): { release(): readonly string[] } {
  const lines: string[] = [];
  const before = METHODS.map((name) => [name, target[name]] as const);
  for (const [name] of before)
    target[name] = (...parts: unknown[]) => {
      if (lines.length >= LIMIT) lines.shift();
      lines.push(formatWithOptions({ colors: false }, ...parts).slice(0, 2_000));
    };
  return {
    release() {
      for (const [name, method] of before) target[name] = method;
      return lines;
    },
  };
}
