/** A command of a service, and how it ended the last time. */
export interface ExecLine {
  /** Program and arguments, 400 characters at most. */
  readonly command: string;
  /** How it ended; null where it runs, never ran, or ended in the other way. */
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** It ended in a way that keeps the service from running. */
  readonly failed: boolean;
}

const LONGEST = 400;

/**
 * `{ path=/bin/sh ; argv[]=/bin/sh -c exit 1 ; ignore_errors=no ; start_time=[…] ; stop_time=[…] ; pid=27 ; code=exited ;
 * status=3 }`, as `systemctl show` writes the command of a service (systemd 252; `status=9/KILL` behind `code=killed`).
 * Linear in its length, whatever stands in it: arguments may hold all of these words.
 */
export function execLine(text: string): ExecLine {
  const begins = text.indexOf('argv[]=');
  const ends = text.lastIndexOf(' ; ignore_errors=');
  const command = begins >= 0 && ends > begins ? text.slice(begins + 'argv[]='.length, ends) : '';
  const [, ignored, code, status] =
    /^ ; ignore_errors=(yes|no) ; .{0,200}; code=(\w+) ; status=(\d{1,5})/.exec(
      ends < 0 ? '' : text.slice(ends, ends + 400),
    ) ?? [];
  const exitCode = code === 'exited' ? Number(status) : null;
  const signal = code === 'killed' || code === 'dumped' ? Number(status) : null;
  return {
    command: command.slice(0, LONGEST),
    exitCode,
    signal,
    failed: ignored === 'no' && ((exitCode ?? 0) !== 0 || signal !== null),
  };
}
