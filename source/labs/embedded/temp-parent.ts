import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openToOthers } from './postgres/run-as.js';

/** A fresh cluster is 39 MB, PostgreSQL's programs, where they must be copied, 60 MB (measured). */
const NEEDED_BYTES = 128 * 1024 * 1024;

/**
 * Where the lab's temporary directory can be: writable, with room, and open to the database's user. Throws an Error
 * that says for each candidate why not.
 */
export function tempParent(otherUser: boolean, candidates = [tmpdir(), '/tmp', '/var/tmp']): string {
  const problems: string[] = [];
  for (const folder of new Set(candidates)) {
    const problem = problemOf(folder, otherUser);
    if (problem === null) return folder;
    problems.push(`${folder} ${problem}`);
  }
  throw new Error(
    `no place for the lab's temporary files: ${problems.join('; ')}. Set TMPDIR to a directory with 128 MiB free.`,
  );
}

function problemOf(folder: string, otherUser: boolean): string | null {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < NEEDED_BYTES)
      return `has only ${Math.floor((bavail * bsize) / 1024 / 1024)} MiB free`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'does not exist' : `is not writable (${code})`;
  }
  return otherUser && !openToOthers(folder) ? "is closed to the database's user" : null;
}
