import { constants } from 'node:os';
import type { UnitProperties } from '../../linux/systemd/unit-properties.js';
import { bytes } from '../../terminal/format.js';

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** What systemd itself could not do before the program ran (systemd.exec(5), "Process Exit Codes"). */
const BEFORE_IT_RAN: ReadonlyMap<number, string> = new Map([
  [200, 'CHDIR: its working directory is not there'],
  [203, 'EXEC: its program is not there, or cannot be executed'],
  [206, 'its limits cannot be set'],
  [208, 'STDIN: its standard input cannot be set up'],
  [209, 'STDOUT: its standard output cannot be set up'],
  [216, 'GROUP: its group is not known'],
  [217, 'USER: its user is not known'],
  [218, 'CAPABILITIES: it cannot be given them'],
  [226, 'NAMESPACE: a path that it is to see, or to write, is not there'],
  [228, 'SECCOMP: its filter of system calls cannot be set'],
  [233, 'RUNTIME_DIRECTORY: it cannot be made'],
  [238, 'STATE_DIRECTORY: it cannot be made'],
  [239, 'CACHE_DIRECTORY: it cannot be made'],
  [240, 'LOGS_DIRECTORY: it cannot be made'],
  [243, 'CREDENTIALS: they are not there'],
]);

/** What systemd ends a service for: by a signal that says nothing of why. */
const BY_SYSTEMD: Readonly<Record<string, string>> = {
  timeout: 'was ended by systemd: it was not ready, or not gone, in its time (timeout)',
  watchdog: 'was ended by systemd: no sign of life within its WatchdogSec',
  protocol: 'ended before it said that it was ready',
};

/** How a service last ended, for a person: "ended with exit code 3"; null for one that ended well, or did not end. */
export function endingOf(unit: UnitProperties): string | null {
  const { result, failedBefore, exitCode, signal, memoryMax } = unit;
  if (result === 'oom-kill')
    return `was killed for memory${memoryMax === null ? '' : ` (its limit is ${bytes(memoryMax)})`}`;
  const bySystemd = BY_SYSTEMD[result];
  if (bySystemd !== undefined) return bySystemd;
  if (failedBefore && unit.active !== 'active')
    return `did not start: its ExecStartPre ${how(failedBefore.exitCode, failedBefore.signal)} (${failedBefore.command})`;
  const before = exitCode === null ? undefined : BEFORE_IT_RAN.get(exitCode);
  if (before !== undefined) return `did not start: exit code ${exitCode}/${before}`;
  if (exitCode !== null || signal !== null) return `${how(exitCode, signal)}${hintOf(unit)}`;
  if (result === '' || result === 'success') return null;
  // Its commands' own ends are forgotten with `systemctl daemon-reload`.
  return result === 'exit-code' ? 'did not start: a command of it failed' : `failed: ${result}`;
}

/** The kernel's own kill for memory may be told as a mere signal: the limit is what there is to think of then. */
const hintOf = ({ signal, memoryMax }: UnitProperties): string =>
  signal === constants.signals.SIGKILL && memoryMax !== null
    ? ` (its memory limit is ${bytes(memoryMax)})`
    : '';

const how = (exitCode: number | null, signal: number | null): string =>
  signal !== null
    ? `was ended by ${SIGNALS.get(signal) ?? `signal ${signal}`}`
    : `ended with exit code ${exitCode ?? 'unknown'}`;

/** Why systemd gave up a socket, for a person (systemd.socket(5)). */
export function socketEnding(result: string): string {
  if (result === 'service-start-limit-hit') return 'was given up: its service ended too often';
  if (result === 'trigger-limit-hit') return 'was given up: it started its service too often';
  return result === 'resources' ? 'cannot listen: its address is taken, or not there' : `failed: ${result}`;
}
