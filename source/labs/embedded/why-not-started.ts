/** What says why PostgreSQL's programs end: severity, text and, behind `DETAIL`, the call or the figures. */
const REASON =
  /(?:FATAL|PANIC|ERROR|DETAIL): +(.*)$|^initdb: error: +(.*)$|error while loading shared libraries.*$/;

/** The lines of what initdb wrote that say why it failed, in one; its last one where none does. */
export function initdbReason(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const reasons = lines.flatMap((line) => {
    const found = REASON.exec(line);
    return found === null ? [] : [found[1] ?? found[2] ?? found[0]];
  });
  return (reasons.length > 0 ? reasons.slice(0, 2).join(' ') : (lines.at(-1) ?? '')).trim();
}

/** Failures of the machine, in words that say what to do; others say so already. */
export function whyNotStarted(error: NodeJS.ErrnoException, tempDir: string): Error {
  const text = `${error.code ?? ''} ${error.message}`;
  const next = [
    // The kernel says ENOSPC here, too, and means no file system.
    [
      /shmget|shared memory segment/i,
      'the kernel gives no more shared memory segments: see sysctl kernel.shmmni kernel.shmall, raise what is used up: sysctl -w kernel.shmmni=4096',
    ],
    [
      /EMFILE|ENFILE|file descriptors|too many open files/i,
      'too few files may be open here: raise the limit, ulimit -n 4096',
    ],
    [
      /ENOSPC|No space left/i,
      `no space left for ${tempDir}: free some, or set TMPDIR to another file system`,
    ],
    [/EADDRINUSE|Address already in use/i, 'another program took a port of the lab meanwhile: start again'],
    [/EACCES|EPERM|Permission denied/i, `no permission: is ${tempDir} on a file system mounted noexec?`],
    [/error while loading shared libraries/i, 'a library of PostgreSQL cannot be loaded: run npm ci again'],
  ].find(([pattern]) => (pattern as RegExp).test(text))?.[1];
  const said = `the lab could not start: ${error.message}`;
  return new Error(next === undefined ? said : `${said} (${next})`, { cause: error });
}
