import { type ExecLine, execLine } from './exec-line.js';

/** What `systemctl show` says of services and sockets, as text (systemctl(1); of systemd 252 as it was captured). */

/** What is asked of each; a socket has a few of them, and those that a unit has not are left out. */
export const PROPERTIES = [
  ...['Id', 'LoadState', 'ActiveState', 'SubState', 'Result', 'Restart', 'NRestarts', 'MainPID', 'Type'],
  ...['ExecMainCode', 'ExecMainStatus', 'ExecStart', 'ExecStartPre'],
  ...['ActiveEnterTimestampMonotonic', 'InactiveEnterTimestampMonotonic', 'ExecMainExitTimestampMonotonic'],
  ...['InactiveExitTimestampMonotonic', 'ExecMainStartTimestampMonotonic', 'UnitFileState'],
  ...['MemoryMax', 'RequiredBy', 'TriggeredBy', 'Listen', 'Triggers'],
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
  /** Exit code or number of the signal of its main process, where it has ended; of its `ExecStart` where it never had one. */
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** The command before its start that failed; null for none. */
  readonly failedBefore: ExecLine | null;
  /** What it begins with: program and arguments. */
  readonly command: string;
  readonly oneshot: boolean;
  readonly activeMs: number | null;
  readonly endedMs: number | null;
  /** When its last run began, with what is done before its start. */
  readonly beganMs: number | null;
  /** Started at boot, as an administrator wants it. */
  readonly enabled: boolean;
  /** Bytes that it may use; null without a limit. */
  readonly memoryMax: number | null;
  /** Units that cannot be without it. */
  readonly requiredBy: readonly string[];
  /** Sockets by which it is started. */
  readonly triggeredBy: readonly string[];
}

/** A socket at which systemd listens for a service. */
export interface SocketProperties {
  /** `ssh.socket`. */
  readonly name: string;
  readonly active: string;
  readonly sub: string;
  /** Why it failed: `service-start-limit-hit`, `trigger-limit-hit`, `resources` …. */
  readonly result: string;
  /** TCP ports. */
  readonly ports: readonly number[];
  /** The service that it starts; undefined where each connection has one of its own. */
  readonly triggers: string | undefined;
  readonly endedMs: number | null;
}

/** Most services, sockets and blocks that are looked at. */
const MOST_UNITS = 200;
const MOST_BLOCKS = 600;

/** Of blocks of `Key=value` lines with an empty line between, the services; one without a name, or masked, is left out. */
export function parseUnits(text: string): UnitProperties[] {
  return blocksOf(text)
    .flatMap((block) => serviceOf(block) ?? [])
    .slice(0, MOST_UNITS);
}

/** The sockets of the same text. */
export function parseSockets(text: string): SocketProperties[] {
  return blocksOf(text)
    .flatMap((block) => socketOf(block) ?? [])
    .slice(0, MOST_UNITS);
}

type Block = ReadonlyMap<string, readonly string[]>;

/** A key may stand more than once: one line for each command, and for each address. */
function blocksOf(text: string): Block[] {
  return text.split('\n\n', MOST_BLOCKS).map((block) => {
    const of = new Map<string, string[]>();
    for (const [key, value] of block.split('\n').map(pair)) of.set(key, [...(of.get(key) ?? []), value]);
    return of;
  });
}

const pair = (line: string): [string, string] => {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
};

/** waitid(2), si_code: exited by itself, or by a signal, with or without a core. */
const EXITED = 1;
const SIGNALLED = [2, 3];

/** What there is no file for, or is not to run at all, cannot be missed. */
const NO_UNIT: readonly (string | undefined)[] = ['not-found', 'masked'];

function serviceOf(of: Block): UnitProperties | undefined {
  const name = first(of, 'Id');
  if (!name?.endsWith('.service') || NO_UNIT.includes(first(of, 'LoadState'))) return undefined;
  const starts = (of.get('ExecStart') ?? []).map(execLine);
  const start = starts.find(({ failed }) => failed) ?? starts.at(-1);
  const code = wholeNumber(first(of, 'ExecMainCode'));
  const status = wholeNumber(first(of, 'ExecMainStatus'));
  // What forks has no main process until it says so: then how its command ended is all there is. To wait for the next
  // start, or to be refused it, is to have left `inactive` once more.
  const hadMain = code !== null && code !== 0;
  const ended = hadMain ? undefined : start;
  const pid = wholeNumber(first(of, 'MainPID'));
  const ends = ['InactiveEnterTimestampMonotonic', 'ExecMainExitTimestampMonotonic'].map((key) =>
    milliseconds(first(of, key)),
  );
  return {
    name,
    active: first(of, 'ActiveState') ?? '',
    sub: first(of, 'SubState') ?? '',
    result: first(of, 'Result') ?? '',
    restartPolicy: first(of, 'Restart') ?? '',
    restarts: wholeNumber(first(of, 'NRestarts')) ?? 0,
    mainPid: pid === 0 ? null : pid,
    exitCode: code === EXITED ? status : (ended?.exitCode ?? null),
    signal: code !== null && SIGNALLED.includes(code) ? status : (ended?.signal ?? null),
    failedBefore: (of.get('ExecStartPre') ?? []).map(execLine).find(({ failed }) => failed) ?? null,
    command: start?.command ?? '',
    oneshot: first(of, 'Type') === 'oneshot',
    activeMs: milliseconds(first(of, 'ActiveEnterTimestampMonotonic')),
    endedMs: ends.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a)),
    beganMs: milliseconds(
      first(of, hadMain ? 'ExecMainStartTimestampMonotonic' : 'InactiveExitTimestampMonotonic'),
    ),
    enabled: first(of, 'UnitFileState') === 'enabled',
    memoryMax: wholeNumber(first(of, 'MemoryMax')),
    requiredBy: namesOf(first(of, 'RequiredBy')),
    triggeredBy: namesOf(first(of, 'TriggeredBy')),
  };
}

function socketOf(of: Block): SocketProperties | undefined {
  const name = first(of, 'Id');
  if (!name?.endsWith('.socket') || NO_UNIT.includes(first(of, 'LoadState'))) return undefined;
  return {
    name,
    active: first(of, 'ActiveState') ?? '',
    sub: first(of, 'SubState') ?? '',
    result: first(of, 'Result') ?? '',
    // `127.0.0.1:9050 (Stream)`, `[::]:22 (Stream)`; not `/run/dbus/system_bus_socket (Stream)`.
    ports: (of.get('Listen') ?? []).flatMap((text) => {
      const port = /^[^/]*?:?(\d{1,5}) \(Stream\)$/.exec(text)?.[1];
      return port === undefined ? [] : [Number(port)];
    }),
    triggers: namesOf(first(of, 'Triggers'))[0],
    endedMs: milliseconds(first(of, 'InactiveEnterTimestampMonotonic')),
  };
}

const first = (of: Block, key: string): string | undefined => of.get(key)?.[0];

const namesOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(' ')
    .filter((name) => name !== '')
    .slice(0, 8);

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Microseconds as systemd writes them; 0 is never. */
function milliseconds(text: string | undefined): number | null {
  const us = wholeNumber(text);
  return us === null || us === 0 ? null : us / 1000;
}
