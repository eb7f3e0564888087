import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** The built program in a real pseudo-terminal, read through a terminal emulator. */
export interface Session {
  readonly pty: IPty;
  /** The screen as rows of text, right-trimmed. */
  rows(): string[];
  text(): string;
  send(keys: string): void;
  resize(columns: number, rows: number): Promise<void>;
  /** Resolves when the screen satisfies the condition; rejects with the screen when it does not in time (ms). */
  until(what: string | RegExp | ((screen: string) => boolean), withinMs?: number): Promise<string>;
  /** Exit code once the program has ended. */
  readonly exited: Promise<{ readonly exitCode: number; readonly signal?: number | undefined }>;
  /** All bytes written so far. */
  bytes(): string;
  /** The emulator's modes after what was written so far. */
  modes(): {
    readonly alternateScreen: boolean;
    readonly cursorHidden: boolean;
    readonly mouse: string;
    readonly paste: boolean;
  };
}

const CLI = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);

/** Starts `faultline <args>` in a pty of the given size. */
export function openSession(
  args: readonly string[],
  options: {
    readonly columns?: number;
    readonly rows?: number;
    readonly env?: Record<string, string | undefined>;
  } = {},
): Session {
  const columns = options.columns ?? 120;
  const rowCount = options.rows ?? 40;
  const env: Record<string, string | undefined> = {
    ...process.env,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    CI: undefined,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    VITEST: undefined,
    NODE_ENV: undefined,
    ...options.env,
  };
  for (const key of Object.keys(env)) if (env[key] === undefined) delete env[key];
  const terminal = new xterm.Terminal({
    cols: columns,
    rows: rowCount,
    allowProposedApi: true,
    scrollback: 2000,
  });
  const pty = spawn(process.execPath, [CLI, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows: rowCount,
    env: env as Record<string, string>,
  });
  let bytes = '';
  let hidden = false;
  pty.onData((data) => {
    bytes += data;
    terminal.write(data);
    const last = Math.max(data.lastIndexOf('\u001b[?25l'), data.lastIndexOf('\u001b[?25h'));
    if (last >= 0) hidden = data.startsWith('\u001b[?25l', last);
  });
  const exited = new Promise<{ exitCode: number; signal?: number | undefined }>((resolve) => {
    pty.onExit(resolve);
  });
  const rows = (): string[] => {
    const buffer = terminal.buffer.active;
    return Array.from(
      { length: terminal.rows },
      (_, y) => buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '',
    );
  };
  const text = (): string => rows().join('\n');
  const until: Session['until'] = async (what, withinMs = 20_000) => {
    const matches = (screen: string): boolean =>
      typeof what === 'function'
        ? what(screen)
        : typeof what === 'string'
          ? screen.includes(what)
          : what.test(screen);
    const end = performance.now() + withinMs;
    while (performance.now() < end) {
      const screen = text();
      if (matches(screen)) return screen;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`not on the screen within ${withinMs} ms: ${String(what)}\n${text()}`);
  };
  return {
    pty,
    rows,
    text,
    send: (keys) => pty.write(keys),
    async resize(toColumns, toRows) {
      terminal.resize(toColumns, toRows);
      pty.resize(toColumns, toRows);
      await new Promise((done) => setTimeout(done, 300));
    },
    until,
    exited,
    bytes: () => bytes,
    modes: () => ({
      alternateScreen: terminal.buffer.active.type === 'alternate',
      cursorHidden: hidden,
      mouse: terminal.modes.mouseTrackingMode,
      paste: terminal.modes.bracketedPasteMode,
    }),
  };
}
