import { describe, expect, it } from 'vitest';
import { initdbReason, whyNotStarted } from '../../source/labs/embedded/why-not-started.js';

/** As initdb of PostgreSQL 18 wrote it where the kernel or a limit refused something. */
const FEW_FILES = `2026-11-27 15:32:16.425 UTC [16491] FATAL:  insufficient file descriptors available to start server process
2026-11-27 15:32:16.425 UTC [16491] DETAIL:  System allows 56, server needs at least 58, 8 files are already open.
child process exited with exit code 1
initdb: removing data directory "/tmp/x/data"`;
const NO_SEGMENT = `2026-11-27 15:32:25.890 UTC [17205] FATAL:  could not create shared memory segment: No space left on device
2026-11-27 15:32:25.890 UTC [17205] DETAIL:  Failed system call was shmget(key=2171479, size=56, 03600).
2026-11-27 15:32:25.890 UTC [17205] HINT:  This error does *not* mean that you have run out of disk space.
child process exited with exit code 1
initdb: removing data directory "/tmp/x/data"`;

const told = (text: string, code?: string): string =>
  whyNotStarted(Object.assign(new Error(text), code ? { code } : {}), '/tmp/x').message;

describe('why a lab did not start', () => {
  it.each([
    ['a limit of open files', FEW_FILES, 'insufficient file descriptors', /ulimit -n 4096/],
    [
      'no shared memory segment',
      NO_SEGMENT,
      'Failed system call was shmget',
      /sysctl -w kernel\.shmmni=4096/,
    ],
    [
      'a full disk',
      'initdb: error: could not write to file "/tmp/x/data/pg_wal/1": No space left on device',
      'could not write to file',
      /no space left for \/tmp\/x: free some/,
    ],
    [
      'a folder without permission',
      'initdb: error: could not access directory "/tmp/x/data": Permission denied',
      'could not access directory',
      /noexec/,
    ],
    [
      'a library that is not there',
      '/x/initdb: error while loading shared libraries: libicuuc.so.60: cannot open shared object file',
      'libicuuc.so.60',
      /npm ci/,
    ],
  ])('names %s and what mends it', (_, stderr, reason, mend) => {
    expect(initdbReason(stderr)).toContain(reason);
    expect(initdbReason(stderr)).not.toContain('removing data directory');
    expect(told(initdbReason(stderr))).toMatch(mend);
  });

  it('of a process that cannot be started names the limit', () => {
    expect(told('spawn initdb EMFILE', 'EMFILE')).toMatch(/ulimit -n/);
  });

  it('keeps the last words of what it does not know', () => {
    expect(initdbReason('one\nchild process was terminated by signal 9')).toBe(
      'child process was terminated by signal 9',
    );
    expect(told('no idea')).toBe('the lab could not start: no idea');
  });
});
