/** Signals that end the program, with the exit code that shells give a process ended by them (128 + number). */
const ENDING = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** What a shell says of a process that wrote to a reader that had gone (SIGPIPE). */
const READER_GONE = 141;

export interface Ending {
  /** Aborted by the first ending signal, or when the reader of standard output has gone. */
  readonly signal: AbortSignal;
  /** The exit code that the ending calls for, or undefined while nothing ended it. */
  code(): number | undefined;
}

/**
 * Turns ending signals into one abort, so that every command unwinds and cleans up; a second signal ends at once. A
 * reader that has gone (`faultline check | head -1`) ends it too, without a word.
 */
export function listenForEnding(): Ending {
  const abort = new AbortController();
  let code: number | undefined;
  const end = (with_: number, why: string): void => {
    if (code !== undefined) process.exit(code);
    code = with_;
    abort.abort(new Error(why));
  };
  for (const [name, exitCode] of Object.entries(ENDING))
    process.on(name, () => end(exitCode, `ended by ${name}`));
  const onBroken = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    if (code !== undefined) return;
    end(READER_GONE, 'the reader has gone');
    // The command may already have ended: what it printed last is what failed to be written.
    process.exitCode = READER_GONE;
  };
  process.stdout.on('error', onBroken);
  process.stderr.on('error', onBroken);
  return { signal: abort.signal, code: () => code };
}
