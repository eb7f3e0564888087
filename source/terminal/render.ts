import { render } from 'ink';
import type { ReactNode } from 'react';
import { holdConsole } from './console-hold.js';
import { refusal, wantsAscii } from './environment.js';
import { createPainter, type Rows } from './painter.js';
import { type EndReason, guardTerminal, type WatchCrash } from './restore.js';
import { countingWriter } from './writer.js';

export interface End {
  readonly reason: EndReason;
  /** What was thrown, when the reason is `crash`. */
  readonly error?: unknown;
}

/** What the drawn element may ask of the terminal. */
export interface TerminalControls {
  /** Clears the screen and draws everything again: for a screen that something else has written on. */
  redraw(): void;
  /** Paints the whole screen: an element that uses it draws nothing through Ink, which then only reads the keys. */
  paint(rows: Rows): void;
  /** Ends the console. */
  exit(): void;
}

export interface TerminalOptions {
  readonly element: ReactNode | ((controls: TerminalControls) => ReactNode);
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env?: Record<string, string | undefined>;
  /** Which errors end it, of those that nothing caught (default: all). */
  readonly watchCrash?: WatchCrash;
}

export interface Terminal {
  /** Resolves once, after the terminal has been restored; never rejects. */
  waitUntilExit(): Promise<End>;
  /** Restores the terminal. Safe to call twice. */
  close(): void;
  /** Bytes written to the terminal since it was opened. */
  bytesWritten(): number;
}

/** A key is to be seen at once, the tick is 1 Hz: more frames than this a second nobody needs. */
const MAX_FPS = 30;
/** The theme knows the 16 named colours and no others. */
const NAMED_COLORS = 16;

/**
 * Draws an element on the alternate screen until it exits, a signal comes or something throws.
 * Throws an Error with a sentence for the person when nothing can be drawn here (no terminal, TERM=dumb).
 * `prepareEnvironment` must have run before this file is loaded.
 */
export function openTerminal(options: TerminalOptions): Terminal {
  const why = refusal(options.env ?? process.env, options);
  if (why) throw new Error(why);

  const env = options.env ?? process.env;
  const writer = countingWriter(options.stdout);
  const painter = createPainter({
    write: (text) => writer.stream.write(text),
    colors: options.stdout.hasColors?.(NAMED_COLORS, env) ?? env.FORCE_COLOR !== '0',
    ascii: wantsAscii(env),
  });
  let painted = false;
  const held = holdConsole();
  let resolveEnd: (end: End) => void = () => {};
  const ended = new Promise<End>((resolve) => {
    resolveEnd = resolve;
  });
  let closed = false;

  const close = (end: End = { reason: 'quit' }) => {
    if (closed) return;
    closed = true;
    instance.unmount();
    guard.restore();
    guard.release();
    const lines = held.release();
    if (lines.length > 0) options.stderr.write(`${lines.join('\n')}\n`);
    // The tail of the output is on its way to the terminal; whoever waits may exit the process right after.
    setImmediate(() => {
      writer.release();
      resolveEnd(end);
    });
  };

  const guard = guardTerminal(
    { stdout: writer.stream, stdin: options.stdin },
    (reason, error) => close({ reason, ...(error === undefined ? {} : { error }) }),
    options.watchCrash,
  );
  const controls: TerminalControls = {
    redraw() {
      if (painted) return painter.repaint();
      instance.clear();
      writer.stream.write('\x1b[2J\x1b[H');
      options.stdout.emit('resize');
    },
    paint(rows) {
      if (closed) return;
      painted = true;
      painter.paint(rows);
    },
    exit: () => close(),
  };
  const element = typeof options.element === 'function' ? options.element(controls) : options.element;
  // Before the first picture: a Ctrl-C that answers it is a key press, not a signal to all that run in the terminal.
  if (options.stdin.isTTY) options.stdin.setRawMode(true);
  const instance = render(element, {
    stdout: writer.stream,
    stdin: options.stdin,
    stderr: options.stderr,
    alternateScreen: true,
    incrementalRendering: true,
    // Ink would paint nothing under CI=1, however real the terminal is.
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: MAX_FPS,
  });
  instance.waitUntilExit().then(
    () => close(),
    (error: unknown) => close({ reason: 'crash', error }),
  );
  return { waitUntilExit: () => ended, close: () => close(), bytesWritten: writer.bytes };
}
