/** What has to be right before React, chalk and Ink are loaded. Imports none of them. */

type Environment = Record<string, string | undefined>;

/**
 * Sets what React and chalk read when they are loaded; call it before the first dynamic import of Ink.
 * Development React keeps every measurement it makes (memory grows with time), and chalk knows FORCE_COLOR but
 * not NO_COLOR (https://no-color.org: any value that is not empty).
 */
export function prepareEnvironment(env: Environment): void {
  env.NODE_ENV = 'production';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') env.FORCE_COLOR = '0';
  // Under CI=1 chalk takes even a real terminal for a log file; 1 is the 16 named colours, all that the theme uses.
  else if (env.CI !== undefined && env.FORCE_COLOR === undefined) env.FORCE_COLOR = '1';
}

interface Streams {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: { readonly isTTY?: boolean };
}

/** Why the console cannot be drawn here, as a sentence that says what to do instead; undefined when it can. */
export function refusal(env: Environment, streams: Streams): string | undefined {
  if (!streams.stdout.isTTY) return 'The output is not a terminal. For plain text run `faultline check`.';
  if (!streams.stdin.isTTY)
    return 'The input is not a terminal, so no key would be heard. Run `faultline check`.';
  if (env.TERM === 'dumb')
    return 'TERM=dumb cannot place text on the screen. Set TERM to what this terminal is (for example `TERM=xterm`), or run `faultline check`.';
  return undefined;
}

/**
 * Whether only ASCII may be drawn: asked for (FAULTLINE_ASCII=1), the Linux virtual console (its font lacks most
 * symbols), or a locale that is not UTF-8. LC_ALL wins over LC_CTYPE, and that over LANG (POSIX, chapter 8.2).
 */
export function wantsAscii(env: Environment): boolean {
  if (env.FAULTLINE_ASCII !== undefined && env.FAULTLINE_ASCII !== '' && env.FAULTLINE_ASCII !== '0')
    return true;
  if (env.TERM === 'linux') return true;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  return !/utf-?8/i.test(locale ?? '');
}
