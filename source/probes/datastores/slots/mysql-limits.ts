import { posix } from 'node:path';
import type { Limits, ProcessFiles } from './postgres-limits.js';

const MOST_FILES = 64;
/** MySQL and MariaDB manuals, max_connections: what it is where nobody said otherwise. */
const DEFAULT_MOST = 151;
/** Where Debian's, the images' and the manuals' defaults are looked for. */
const MAIN_FILES = ['/etc/my.cnf', '/etc/mysql/my.cnf'];
/** Groups of an option file that a server reads. */
const SERVER_GROUP = /^(mysqld|server|mariadb|mariadbd|mysqld-\d.*|mariadb-\d.*)$/;

/**
 * max_connections as a server was started with: its command line above its option files. One more than that may
 * connect, who has the right to (SUPER, CONNECTION ADMIN).
 */
export function mysqlLimits(command: readonly string[], files: ProcessFiles): Limits {
  const found = { value: undefined as string | undefined, files: 0 };
  const main = command.map((one) => /^--defaults-file=(.+)$/.exec(one)?.[1]).find((one) => one !== undefined);
  for (const path of main === undefined ? MAIN_FILES : [main]) readOptions(path, files, found);
  for (const one of command) found.value = /^--max[-_]connections=(\d{1,6})$/.exec(one)?.[1] ?? found.value;
  const most = found.value === undefined ? DEFAULT_MOST : Number(found.value);
  return { most: found.files > 0 || found.value !== undefined ? most : null, reserved: 0 };
}

function readOptions(
  path: string,
  files: ProcessFiles,
  found: { value: string | undefined; files: number },
): void {
  const text = found.files < MOST_FILES ? files.read(path) : null;
  if (text === null) return;
  found.files++;
  let group = '';
  for (const line of text.split('\n')) {
    group = /^\s*\[([^\]]{1,64})\]/.exec(line)?.[1] ?? group;
    const [, what, where = ''] = /^\s*!(include|includedir)\s+(\S+)/.exec(line) ?? [];
    if (what === 'include') readOptions(where, files, found);
    if (what === 'includedir')
      for (const file of files.list(where))
        if (/\.(cnf|ini)$/.test(file)) readOptions(posix.join(where, file), files, found);
    const value = /^\s*max[-_]connections\s*=\s*(\d{1,6})/.exec(line)?.[1];
    if (value !== undefined && SERVER_GROUP.test(group)) found.value = value;
  }
}
