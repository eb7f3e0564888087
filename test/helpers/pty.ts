import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { eventually, PATIENCE_MS } from './until.js';

/** What the terminal is set to, as an emulator understood the bytes. */
export interface Modes {
  readonly alternateScreen: boolean;
  readonly cursorHidden: boolean;
  readonly mouse: string;
  readonly paste: boolean;
}

/** How the program ended, as the shell that started it saw it. */
export interface End {
  readonly exitCode: number;
  /** The terminal's line settings (raw mode, echo, …) are to the bit what they were before the program. */
  readonly settingsRestored: boolean;
}

/** Text that is on the screen, a pattern of it, or a judgement of it. */
export type Condition = string | RegExp | ((screen: string) => boolean);

/** The built program in a real pseudo-terminal, started by a shell as a person would, read through an emulator. */
export interface Session {
  readonly pty: IPty;
  /** The program's process, not the shell's. Throws when it does not run. */
  pid(): number;
  /** The screen as rows of text, right-trimmed. */
  rows(): string[];
  text(): string;
  send(keys: string): void;
  resize(columns: number, rows: number): Promise<void>;
  /** Resolves when the screen satisfies the condition; rejects with the screen when it does not in time (ms). */
  until(what: Condition, withinMs?: number): Promise<string>;
  /** Milliseconds from a key press until the screen satisfies the condition. */
  press(keys: string, what: Condition): Promise<number>;
  /** Resolves once the program has ended and all it wrote is on the emulator; rejects after `withinMs`. */
  ended(withinMs?: number): Promise<End>;
  /** All bytes written so far. */
  bytes(): string;
  modes(): Modes;
  /** Closes the terminal, as when its window is closed: the kernel hangs up on whoever runs in it. */
  hangUp(): void;
}

export interface SessionOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string | undefined>;
}

const CLI = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);

/** The shell notes the line settings, runs the program, and says what became of both. */
const SCRIPT = `before=$(stty -g); "$@"; code=$?
after=$(stty -g); [ "$before" = "$after" ] && same=yes || same=no
echo "[ended $code, settings restored: $same]"`;
const ENDED = /\[ended (\d+), settings restored: (yes|no)\]/;

/** Starts `faultline <args>` in a pty of the given size (120 × 40). */
export function openSession(args: readonly string[], options: SessionOptions = {}): Session {
  const { columns = 120, rows: rowCount = 40 } = options;
  const env = environment(options.env);
  const terminal = new xterm.Terminal({
    cols: columns,
    rows: rowCount,
    allowProposedApi: true,
    scrollback: 2000,
  });
  const pty = spawn('/bin/sh', ['-c', SCRIPT, 'sh', process.execPath, CLI, ...args], {
    name: env.TERM ?? 'xterm-256color',
    cols: columns,
    rows: rowCount,
    env,
  });
  let bytes = '';
  let hidden = false;
  // A picture that is drawn in several pieces stands between mode 2026 on and off, and is looked at when it is whole.
  let drawing = false;
  const mode = (on: boolean) => (params: readonly (number | number[])[]) => {
    if (params.includes(25)) hidden = !on;
    if (params.includes(2026)) drawing = on;
    return false;
  };
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, mode(true));
  terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, mode(false));
  pty.onData((data) => {
    bytes += data;
    terminal.write(data);
  });

  const rows = (): string[] => {
    const buffer = terminal.buffer.active;
    return Array.from(
      { length: terminal.rows },
      (_, y) => buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '',
    );
  };
  const text = (): string => rows().join('\n');
  const until: Session['until'] = (what, withinMs = PATIENCE_MS) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        watching.dispose();
        leaving.dispose();
        clearTimeout(timer);
      };
      const look = (): void => {
        const screen = text();
        if (drawing || !matches(what, screen)) return;
        stop();
        resolve(screen);
      };
      const watching = terminal.onWriteParsed(look);
      const fail = (when: string) => (): void => {
        stop();
        reject(new Error(`not on the screen ${when}: ${String(what)}\n${text()}`));
      };
      const timer = setTimeout(fail(`within ${withinMs} ms`), withinMs);
      // What was written last is read first.
      const leaving = pty.onExit(() => terminal.write('', fail('before the program ended')));
      look();
    });
  const drained = (): Promise<void> => new Promise((resolve) => terminal.write('', resolve));

  return {
    pty,
    pid: () => Number(readFileSync(`/proc/${pty.pid}/task/${pty.pid}/children`, 'utf8').trim().split(' ')[0]),
    rows,
    text,
    send: (keys) => pty.write(keys),
    async resize(toColumns, toRows) {
      await drained();
      terminal.resize(toColumns, toRows);
      pty.resize(toColumns, toRows);
    },
    until,
    async press(keys, what) {
      const began = performance.now();
      pty.write(keys);
      await until(what);
      return performance.now() - began;
    },
    async ended(withinMs = PATIENCE_MS) {
      if (!(await eventually(() => ENDED.test(bytes), withinMs)))
        throw new Error(`still running after ${withinMs} ms\n${text()}`);
      await drained();
      const [, code, same] = ENDED.exec(bytes) as RegExpExecArray;
      return { exitCode: Number(code), settingsRestored: same === 'yes' };
    },
    bytes: () => bytes,
    modes: () => ({
      alternateScreen: terminal.buffer.active.type === 'alternate',
      cursorHidden: hidden,
      mouse: terminal.modes.mouseTrackingMode,
      paste: terminal.modes.bracketedPasteMode,
    }),
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
  };
}

function matches(what: Condition, screen: string): boolean {
  if (typeof what === 'function') return what(screen);
  return typeof what === 'string' ? screen.includes(what) : what.test(screen);
}

/** The test's environment without what only a test run has; undefined takes a variable away. */
function environment(own: SessionOptions['env']): Record<string, string> {
  const env: Record<string, string | undefined> = {
    ...process.env,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    LC_ALL: undefined,
    LC_CTYPE: undefined,
    CI: undefined,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    VITEST: undefined,
    NODE_ENV: undefined,
    NODE_OPTIONS: undefined,
    FAULTLINE_ASCII: undefined,
    ...own,
  };
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
