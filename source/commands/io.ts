import { createInterface } from 'node:readline/promises';
import { safeJson } from '../terminal/safe-json.js';
import { sanitise, sanitiseLines } from '../terminal/sanitise.js';
import type { CommandIo } from './command.js';

/** Erases the line it is on and goes to its start (ECMA-48 EL, CR). */
const ERASE_LINE = '\r\u001b[2K';

/**
 * Output of a command on the program's own streams: the one way by which commands write. Whatever they are handed is
 * cleaned here, so that none can forget it; the only controls that leave are the ends of lines and, for progress, those
 * that erase one. Progress is shown only where standard error is a terminal that can erase a line (TERM=dumb cannot).
 */
export function createIo(
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number },
  stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean } = process.stdin,
): CommandIo {
  let onLine = false;
  const clear = (): void => {
    if (onLine) stderr.write(ERASE_LINE);
    onLine = false;
  };
  return {
    print(text) {
      clear();
      stdout.write(`${sanitiseLines(text)}\n`);
    },
    json(value, indent) {
      clear();
      stdout.write(`${safeJson(value, indent)}\n`);
    },
    say(text) {
      clear();
      stderr.write(`${sanitiseLines(text)}\n`);
    },
    progress(text) {
      if (text === '') return clear();
      if (!stderr.isTTY || process.env.TERM === 'dumb') return;
      stderr.write(`${ERASE_LINE}${sanitise(text).slice(0, (stderr.columns ?? 80) - 1)}`);
      onLine = true;
    },
    async ask(question, signal) {
      if (!stdin.isTTY || !stderr.isTTY) return null;
      clear();
      const asked = createInterface({ input: stdin, output: stderr });
      // A terminal in readline's hands tells Ctrl-C to it alone.
      asked.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      try {
        return await asked.question(sanitise(question), { signal });
      } catch (error) {
        if (signal.aborted) throw error;
        // Ctrl-D: no answer.
        return '';
      } finally {
        asked.close();
      }
    },
  };
}
