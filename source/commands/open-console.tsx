import { App } from '../../panels/app.js';
import { onFatal } from '../runtime/error-guard.js';
import type { Runtime } from '../runtime/index.js';
import { wantsAscii } from '../terminal/environment.js';
import { openTerminal } from '../terminal/render.js';
import { EXIT } from './command.js';
import type { ConsoleOptions } from './console-options.js';
import { createIo } from './io.js';

/** Draws a running session until it is quit, then closes the session. Resolves to the exit code. */
export async function openConsole(
  runtime: Runtime,
  { signal, noRisks }: Pick<ConsoleOptions, 'signal' | 'noRisks'>,
): Promise<number> {
  const { lab } = runtime;
  const modes = lab ? runtime.causings.map(({ id, title, describe }) => ({ id, title, describe })) : [];
  const terminal = openTerminal({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    watchCrash: onFatal,
    element: ({ redraw, paint, exit }) => (
      <App
        store={runtime.store}
        dispatch={(name, argument) => void runtime.act(name, argument)}
        exit={exit}
        redraw={redraw}
        paint={paint}
        modes={modes}
        confirm={!lab}
        noRisks={noRisks}
        ascii={wantsAscii(process.env)}
      />
    ),
  });
  runtime.countBytes(() => terminal.bytesWritten());
  const close = (): void => terminal.close();
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  const end = await terminal.waitUntilExit();
  signal.removeEventListener('abort', close);
  await runtime.close();
  if (end.reason !== 'crash') return EXIT.ok;
  const error = end.error instanceof Error ? (end.error.stack ?? end.error.message) : String(end.error);
  createIo(process.stdout, process.stderr).say(
    `faultline: the console crashed and the terminal was restored\n${error}`,
  );
  return EXIT.findings;
}
