/** What `systemctl show` says of services, as text (systemctl(1); of systemd 252 as it was captured). */

/** What is asked of each service. */
export const PROPERTIES = [
  ...['Id', 'LoadState', 'ActiveState', 'SubState', 'Result', 'Restart', 'NRestarts', 'MainPID', 'Type'],
  ...['ExecMainCode', 'ExecMainStatus', 'ExecStart'],
  ...['ActiveEnterTimestampMonotonic', 'InactiveEnterTimestampMonotonic', 'ExecMainExitTimestampMonotonic'],
] as const;

/** A service as its manager tells of it. Times are milliseconds of the monotonic clock; null is unknown. */
export interface UnitProperties {
  /** `nginx.service`. */
  readonly name: string;
  /** `failed`, `active`, `activating` …, and within that `auto-restart`, `running` …. */
  readonly active: string;
  readonly sub: string;
  /** How it last ended: `success`, `exit-code`, `signal`, `oom-kill`, `timeout`, `start-limit-hit` …. */
  readonly result: string;
  /** `no`, `always`, `on-failure` …. */
  readonly restartPolicy: string;
  /** How often systemd has started it again by itself since somebody did. */
  readonly restarts: number;
  readonly mainPid: number | null;
  /** Exit code or number of the signal of its main process, where it has ended. */
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** What it begins with: program and arguments. */
  readonly command: string;
  readonly oneshot: boolean;
  readonly activeMs: number | null;
  readonly endedMs: number | null;
}

/** Longest command that is kept (characters), and most services. */
const LONGEST = 400;
const MOST_UNITS = 200;

/** Blocks of `Key=value` lines with an empty line between; one without a name is left out. */
export function parseUnits(text: string): UnitProperties[] {
  return text
    .split('\n\n', MOST_UNITS)
    .flatMap((block) => unitOfBlock(new Map(block.split('\n').map(pair))) ?? []);
}

const pair = (line: string): [string, string] => {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
};

/** waitid(2), si_code: exited by itself, or by a signal, with or without a core. */
const EXITED = 1;
const SIGNALLED = [2, 3];

function unitOfBlock(of: ReadonlyMap<string, string>): UnitProperties | undefined {
  const name = of.get('Id');
  if (!name?.endsWith('.service') || of.get('LoadState') === 'not-found') return undefined;
  const code = wholeNumber(of.get('ExecMainCode'));
  const status = wholeNumber(of.get('ExecMainStatus'));
  const pid = wholeNumber(of.get('MainPID'));
  const ends = ['InactiveEnterTimestampMonotonic', 'ExecMainExitTimestampMonotonic'].map((key) =>
    milliseconds(of.get(key)),
  );
  return {
    name,
    active: of.get('ActiveState') ?? '',
    sub: of.get('SubState') ?? '',
    result: of.get('Result') ?? '',
    restartPolicy: of.get('Restart') ?? '',
    restarts: wholeNumber(of.get('NRestarts')) ?? 0,
    mainPid: pid === 0 ? null : pid,
    exitCode: code === EXITED ? status : null,
    signal: code !== null && SIGNALLED.includes(code) ? status : null,
    command: (
      /argv\[\]=(.*?) ; ignore_errors=/.exec((of.get('ExecStart') ?? '').slice(0, 4 * LONGEST))?.[1] ?? ''
    ).slice(0, LONGEST),
    oneshot: of.get('Type') === 'oneshot',
    activeMs: milliseconds(of.get('ActiveEnterTimestampMonotonic')),
    endedMs: ends.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a)),
  };
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Microseconds as systemd writes them; 0 is never. */
function milliseconds(text: string | undefined): number | null {
  const us = wholeNumber(text);
  return us === null || us === 0 ? null : us / 1000;
}
