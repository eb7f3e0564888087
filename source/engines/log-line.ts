import { afterReturns } from '../terminal/after-returns.js';

/** What of a line of output is kept and quoted. */

/** Longest line kept, in characters; the contract of `EngineLogLine`. */
export const MAX_LINE = 4_096;

/** At most `limit` characters of a text: its beginning, which says who speaks, and its end, which says what failed. */
export function bothEnds(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.floor((limit - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (limit - 1 - head))}`;
}

/** Words of an end: what programs write before they give up. */
const FATAL = /\b(?:fatal|panic|critical|emerg|abort(?:ed|ing)?|segmentation fault|uncaught|unhandled)\b/i;
/** An error with its name and reason: `ValueError: …`, `java.lang.IllegalStateException: …`. */
const NAMED = /\w(?:Error|Exception)\b/;
/** Words of trouble that need not be the end. */
const TROUBLE =
  /error|exception|\b(?:fail(?:ed|ure)?|cannot|can't|could not|unable|refused|denied|not found|no such|invalid|missing|timed? ?out|unreachable|in use)\b/i;
/** Lines of a stack trace: where, not what. */
const FRAME = /^\s+(?:at |in |File "|from |\.\.\. \d+ more)|^\s*[\^~]+\s*$|^goroutine \d+|^Node\.js v\d/;

/** The line that says why a program ended, as far as one does: its last fatal one; else its last; undefined of silence. */
export function fatalLine(lines: readonly string[]): string | undefined {
  const said = lines.map(afterReturns).filter((line) => line.trim() !== '' && !FRAME.test(line));
  for (const pattern of [FATAL, NAMED, TROUBLE]) {
    const line = said.findLast((one) => pattern.test(one));
    if (line !== undefined) return line.trim();
  }
  return said.at(-1)?.trim();
}
