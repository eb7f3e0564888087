import type { CommandIo } from './command.js';

/** Erases the line it is on and goes to its start (ECMA-48 EL, CR). */
const ERASE_LINE = '\r\u001b[2K';

/**
 * Output of a command on the program's own streams. Progress is shown only where standard error is a terminal that can
 * erase a line (TERM=dumb cannot).
 */
export function createIo(
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number },
): CommandIo {
  let onLine = false;
  const clear = (): void => {
    if (onLine) stderr.write(ERASE_LINE);
    onLine = false;
  };
  return {
    print(text) {
      clear();
      stdout.write(`${text}\n`);
    },
    say(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      if (text === '') return clear();
      if (!stderr.isTTY || process.env.TERM === 'dumb') return;
      stderr.write(`${ERASE_LINE}${text.slice(0, (stderr.columns ?? 80) - 1)}`);
      onLine = true;
    },
  };
}
