/** A log for who looks into Faultline itself: what probes, rules, the daemon and actions did. Never on the screen. */

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { withoutSecrets } from './secrets.js';

/** A file is no longer than this (bytes) and has one before it. */
const LONGEST_FILE = 10 * 1024 * 1024;
/** Longest line, in characters. */
const LONGEST_LINE = 2_000;

export interface DebugLog {
  readonly path: string;
  write(line: string): void;
  close(): void;
}

let log: DebugLog | undefined;

/**
 * One line: `debug('probe', 'kernel', 'ok', '0.4 ms')`. Costs a comparison while no log is open. Secrets are left out,
 * control characters too.
 */
export function debug(
  topic: 'probe' | 'rule' | 'daemon' | 'action' | 'program',
  ...facts: readonly string[]
): void {
  if (log === undefined) return;
  const line = facts.join(' ').replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  log.write(`${new Date().toISOString()} ${topic} ${withoutSecrets(line).slice(0, LONGEST_LINE)}`);
}

/** Whether a log is open: asked where saying something takes work of its own. */
export const isDebugging = (): boolean => log !== undefined;

/** As the log writes them: `12 ms`, `0.4 ms`. */
export const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/**
 * The file that a value of FAULTLINE_DEBUG names: itself, or `debug.log` in `folder` for 1; undefined where it is not
 * set, empty or 0.
 */
export function debugFile(value: string | undefined, folder: string): string | undefined {
  if (value === undefined || value === '' || value === '0') return undefined;
  return value === '1' ? join(folder, 'debug.log') : resolve(value);
}

/** Sends what `debug` is told to a file from now on. Throws an Error that says why it cannot be written. */
export function startDebugLog(path: string): void {
  log?.close();
  log = openDebugLog(path);
}

export function stopDebugLog(): void {
  log?.close();
  log = undefined;
}

/**
 * A file that only its owner reads, appended to, and begun anew at 10 MiB: the one before is kept as `<path>.1`. Several
 * processes may write to one. A disk that is full costs the lines, nothing else. Throws where it cannot be opened; its
 * folder must be there.
 */
export function openDebugLog(path: string, longest = LONGEST_FILE): DebugLog {
  let handle: number | undefined = openOwn(path);
  return {
    path,
    write(line) {
      if (handle === undefined) return;
      try {
        if (fstatSync(handle).size + line.length + 1 > longest) handle = rotate(path, handle);
        writeSync(handle, `${line}\n`);
      } catch {
        // No line is worth ending the program.
      }
    },
    close() {
      if (handle !== undefined) closeSync(handle);
      handle = undefined;
    },
  };
}

/** No link is followed: who may write to a shared folder must not choose what root appends to. */
function openOwn(path: string): number {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
  const handle = openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_WRONLY, 0o600);
  if (fstatSync(handle).isFile()) {
    fchmodSync(handle, 0o600);
    return handle;
  }
  closeSync(handle);
  throw new Error(`${path} is no file`);
}

/** Another process that writes to it may have rotated it already. */
function rotate(path: string, handle: number): number {
  const isOurs = statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(handle).ino;
  if (isOurs) renameSync(path, `${path}.1`);
  const next = openOwn(path);
  closeSync(handle);
  return next;
}
