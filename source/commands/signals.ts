import { EXIT } from './command.js';

/** Signals that end the program, with the exit code that shells give a process ended by them (128 + number). */
const ENDING = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** What a shell says of a process that wrote to a reader that had gone (SIGPIPE). */
const READER_GONE = 141;

export interface Ending {
  /** Aborted by the first ending signal, or when standard output can no longer be written to. */
  readonly signal: AbortSignal;
  /** The exit code that the ending calls for, or undefined while nothing ended it. */
  code(): number | undefined;
  /** Ends it as a signal does, unless something has ended it already. */
  end(code: number, why: string): void;
}

/**
 * Turns ending signals into one abort, so that every command unwinds and cleans up; a second signal ends at once. A
 * reader that has gone (`faultline check | head -1`) ends it too, without a word; standard output that cannot be
 * written (a disk that is full) with one line and 3, since nobody got what was asked for.
 */
export function listenForEnding(): Ending {
  const abort = new AbortController();
  let code: number | undefined;
  let signalled = false;
  const end = (with_: number, why: string): void => {
    if (code !== undefined) return;
    code = with_;
    abort.abort(new Error(why));
  };
  for (const [name, exitCode] of Object.entries(ENDING))
    process.on(name, () => {
      if (signalled) process.exit(code);
      signalled = true;
      end(exitCode, `ended by ${name}`);
    });
  const onBroken = (error: NodeJS.ErrnoException): void => {
    if (code !== undefined) return;
    const unwritten = codeOfBroken(error);
    if (unwritten === EXIT.unavailable)
      process.stderr.write(`faultline: standard output cannot be written (${error.code ?? error.message})\n`);
    end(unwritten, 'standard output cannot be written');
    // The command may already have ended: what it printed last is what failed to be written.
    process.exitCode = unwritten;
  };
  process.stdout.on('error', onBroken);
  // Without standard error there is nobody to be told; the result is another matter.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') onBroken(error);
  });
  return { signal: abort.signal, code: () => code, end };
}

/** A terminal that has hung up gives EIO, and its SIGHUP is on the way. */
function codeOfBroken({ code }: NodeJS.ErrnoException): number {
  if (code === 'EPIPE') return READER_GONE;
  return code === 'EIO' && process.stdout.isTTY ? ENDING.SIGHUP : EXIT.unavailable;
}
