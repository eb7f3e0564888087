import { posix } from 'node:path';
import type { Libc } from '../../../linux/namespace/libc.js';
import { listInside, readInside } from '../../../linux/namespace/open-inside.js';

/** Files of configuration read at most: includes may go round in a circle. */
const MOST_FILES = 64;

export interface Limits {
  readonly most: number | null;
  readonly reserved: number;
}

/** PostgreSQL manual, 20.3.1: what it has where nobody said otherwise. */
const DEFAULT_MOST = 100;
const DEFAULT_RESERVED = 3;

/** Files as another process sees them. */
export interface ProcessFiles {
  /** Null for what is not there, is no plain file or not for us; at most 64 KiB. */
  read(path: string): string | null;
  list(folder: string): readonly string[];
}

export function filesOf(libc: Libc, pid: number): ProcessFiles {
  return {
    read(path) {
      try {
        return readInside(libc, pid, path) ?? null;
      } catch {
        return null;
      }
    },
    list(folder) {
      try {
        return listInside(libc, pid, folder).sort();
      } catch {
        return [];
      }
    },
  };
}

/**
 * max_connections and what of it is reserved, as a server was started with: its command line above
 * postgresql.auto.conf above postgresql.conf with what that includes. `most` is null where the main file cannot be read.
 */
export function postgresLimits(command: readonly string[], folder: string, files: ProcessFiles): Limits {
  const given = optionsOf(command);
  const main =
    given.get('config_file') ?? posix.join(given.get('data_directory') ?? folder, 'postgresql.conf');
  const settings = new Map<string, string>();
  const readable = readConfiguration(main, files, settings, { left: MOST_FILES });
  const data = given.get('data_directory') ?? settings.get('data_directory') ?? folder;
  readConfiguration(posix.join(data, 'postgresql.auto.conf'), files, settings, { left: 1 });
  for (const [name, value] of given) settings.set(name, value);
  const number = (name: string): number | undefined => {
    const value = settings.get(name);
    return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
  };
  const known = readable || number('max_connections') !== undefined;
  return {
    most: known ? (number('max_connections') ?? DEFAULT_MOST) : null,
    reserved:
      (number('superuser_reserved_connections') ?? DEFAULT_RESERVED) + (number('reserved_connections') ?? 0),
  };
}

/** `-c name=value`, `--name=value`, `-N 20`, `-D folder`. */
function optionsOf(command: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const set = (text: string): void => {
    const at = text.indexOf('=');
    if (at > 0)
      found.set(text.slice(0, at).trim().toLowerCase().replaceAll('-', '_'), unquoted(text.slice(at + 1)));
  };
  for (let i = 1; i < command.length; i++) {
    const one = command[i] ?? '';
    const next = command[i + 1] ?? '';
    if (one === '-c') set(next);
    else if (one.startsWith('-c')) set(one.slice(2));
    else if (one.startsWith('--')) set(one.slice(2));
    else if (one === '-N') found.set('max_connections', next);
    else if (one.startsWith('-N')) found.set('max_connections', one.slice(2));
    else if (one === '-D') found.set('data_directory', next);
    else if (one.startsWith('-D')) found.set('data_directory', one.slice(2));
  }
  return found;
}

/** Later lines win, as the server has it. False where the file itself cannot be read. */
function readConfiguration(
  path: string,
  files: ProcessFiles,
  into: Map<string, string>,
  budget: { left: number },
): boolean {
  if (budget.left-- <= 0) return false;
  const text = files.read(path);
  if (text === null) return false;
  const beside = (other: string): string =>
    other.startsWith('/') ? other : posix.join(posix.dirname(path), other);
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] =
      /^\s*([A-Za-z_.]{1,64})(?:\s*=\s*|\s+)('[^']*'|[^\s#]*)/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key === 'include' || key === 'include_if_exists')
      readConfiguration(beside(unquoted(value)), files, into, budget);
    else if (key === 'include_dir')
      for (const file of files.list(beside(unquoted(value))))
        if (file.endsWith('.conf') && !file.startsWith('.'))
          readConfiguration(posix.join(beside(unquoted(value)), file), files, into, budget);
        else continue;
    else if (key !== '') into.set(key, unquoted(value));
  }
  return true;
}

const unquoted = (value: string): string => value.trim().replace(/^'(.*)'$/, '$1');
