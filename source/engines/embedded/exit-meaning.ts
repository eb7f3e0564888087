/** Signals a person meets, in words. What the kernel sends for a fault of the program itself is told apart. */
const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  SIGKILL: 'killed (SIGKILL); by whom is not recorded, and out of memory is only one of the possible reasons',
  SIGTERM: 'asked to end (SIGTERM)',
  SIGINT: 'interrupted (SIGINT)',
  SIGQUIT: 'told to quit at once (SIGQUIT)',
  SIGHUP: 'its terminal went away (SIGHUP)',
  SIGSEGV: 'crashed: invalid memory access (SIGSEGV)',
  SIGBUS: 'crashed: bus error (SIGBUS)',
  SIGABRT: 'aborted itself (SIGABRT)',
  SIGFPE: 'crashed: arithmetic error (SIGFPE)',
  SIGILL: 'crashed: illegal instruction (SIGILL)',
  SIGPIPE: 'its reader went away (SIGPIPE)',
};

const KILLED = 137;

/**
 * What an exit means, for a person. Exit codes above 128 are a shell's or a container runtime's way to write
 * "ended by signal code - 128" (POSIX shells; 137 = 128 + SIGKILL); 126 and 127 are theirs for "cannot run".
 */
export function exitMeaning(code: number | null, signal: string | null): string {
  if (signal !== null) return SIGNAL_WORDS[signal] ?? `ended by ${signal}`;
  if (code === null) return 'ended, and how is not known';
  if (code === 0) return 'finished (0)';
  if (code === KILLED) return SIGNAL_WORDS.SIGKILL as string;
  if (code === 126) return 'could not be executed (126)';
  if (code === 127) return 'program not found (127)';
  if (code > 128 && code < 160) return `ended by signal ${code - 128} (exit code ${code})`;
  return `failed with exit code ${code}`;
}
