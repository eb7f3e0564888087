/** Gives the terminal back as it was, however the program ends. */

/** Ends a synchronised update, resets colours, mouse and bracketed paste off, leaves the alternate screen, cursor on. */
export const RESTORE_SEQUENCE =
  '\x1b[?2026l\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1049l\x1b[?25h';

export type EndReason = 'quit' | 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'crash';

export interface Restorer {
  /** Restores now; later calls do nothing. */
  restore(): void;
  /** Stops watching for the program's end. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** After a crash the program may close what it has opened, but not for longer than this (ms). */
const LAST_RESORT_MS = 10_000;

/** Calls back for what cannot be survived, until the returned function is called. */
export type WatchCrash = (crash: (error: unknown) => void) => () => void;

/** Whatever nothing caught. */
const anyUncaught: WatchCrash = (crash) => {
  process.on('uncaughtException', crash);
  return () => process.off('uncaughtException', crash);
};

/**
 * Watches for signals, errors that `watchCrash` tells of (default: all that nothing caught) and the exit of the process. `onEnd` is called at most once, after the
 * terminal is restored; the caller then closes the rest and ends the process. The signal itself does not end it.
 */
export function guardTerminal(
  terminal: {
    readonly stdout: Pick<NodeJS.WriteStream, 'write'>;
    readonly stdin: { setRawMode?(on: boolean): unknown };
  },
  onEnd: (reason: EndReason, error?: unknown) => void,
  watchCrash: WatchCrash = anyUncaught,
): Restorer {
  let restored = false;
  let ended = false;
  const restore = () => {
    if (restored) return;
    restored = true;
    try {
      terminal.stdin.setRawMode?.(false);
    } catch {
      // The terminal has hung up: nothing is left to restore.
    }
    try {
      terminal.stdout.write(RESTORE_SEQUENCE);
    } catch {
      // As above.
    }
  };
  const end = (reason: EndReason, error?: unknown) => {
    if (ended) return;
    ended = true;
    onEnd(reason, error);
    restore();
  };
  const handlers = SIGNALS.map((signal) => [signal, () => end(signal)] as const);
  const onCrash = (error: unknown) => {
    end('crash', error);
    setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
  };
  for (const [signal, handler] of handlers) process.on(signal, handler);
  const stopWatching = watchCrash(onCrash);
  process.on('exit', restore);
  return {
    restore,
    release() {
      for (const [signal, handler] of handlers) process.off(signal, handler);
      stopWatching();
      process.off('exit', restore);
    },
  };
}
