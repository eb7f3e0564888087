import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { assertOwn, refused, StateRefused } from './state-directory.js';

/** Bytes of the longest file of the state directory: a plan with a snapshot of a large packet filter is far below. */
export const LONGEST_STATE_FILE = 4 << 20;

/**
 * Text of a file of the state directory, read from the very file that was looked at: a regular one, no link, of this
 * user, that nobody else may write to, and no longer than the bound. Never waits, not for a FIFO either. Throws
 * StateRefused that says what is wrong with it, or what the system says (ENOENT).
 */
export function readStateFile(path: string): string {
  const file = openWithoutLinks(path);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw refused(path, found, 'is no regular file', `rm ${path}`);
    assertOwn(path, found);
    if (found.size > LONGEST_STATE_FILE)
      throw refused(path, found, `is longer than ${LONGEST_STATE_FILE} bytes`, `rm ${path}`);
    const bytes = Buffer.alloc(found.size);
    let length = 0;
    for (let got = -1; got !== 0 && length < bytes.length; length += got)
      got = readSync(file, bytes, length, bytes.length - length, length);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

function openWithoutLinks(path: string): number {
  try {
    // Windows has neither flag.
    return openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EMLINK: what FreeBSD says for ELOOP.
    if (code === 'ELOOP' || code === 'EMLINK')
      throw new StateRefused(`${path} is a symbolic link: it is not followed. Look at it, then rm ${path}`);
    if (code === 'ENOENT') throw error;
    throw new StateRefused(`${path} cannot be read (${code}): look at it, then rm ${path}`);
  }
}
