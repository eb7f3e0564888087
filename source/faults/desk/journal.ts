import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../engines/embedded/state-directory.js';
import { LONGEST_STATE_FILE, readStateFile } from '../../engines/embedded/state-file.js';
import { identityOf } from '../../linux/process/identity.js';
import { entryText, type JournalEntry, parseEntry } from './journal-entry.js';

/** What a caller says of a fault; the journal adds who and when. */
export type NewEntry = Pick<JournalEntry, 'scenario' | 'substrate' | 'target' | 'what' | 'undo'>;

/** A file of the journal that is not used, and why: it holds no entry of ours, or others may have written it. */
export interface Unreadable {
  readonly path: string;
  readonly why: string;
}

/**
 * Writes a fault down, durably, before it is caused: a file of its own, synced, then its name synced. Throws when it
 * cannot be written, and then the fault must not be caused.
 */
export function record(fault: NewEntry): JournalEntry {
  const at = Date.now();
  const id = `${at.toString(36)}-${randomBytes(4).toString('hex')}`;
  const entry: JournalEntry = { id, at, ...fault, owner: { ...identityOf(process.pid) } };
  const text = entryText(entry);
  if (Buffer.byteLength(text) > LONGEST_STATE_FILE)
    throw new Error(
      `${fault.what}: its entry in the journal would be longer than ${LONGEST_STATE_FILE} bytes`,
    );
  const folder = stateFolder('journal');
  const path = join(folder, `${id}.json`);
  const file = openSync(`${path}.new`, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  syncFolder(folder);
  return entry;
}

/** Crosses an entry out, after its fault was undone. Safe to call twice. */
export function close(id: string): void {
  const folder = stateFolder('journal');
  rmSync(join(folder, `${id}.json`), { force: true });
  syncFolder(folder);
}

/**
 * Faults of any process that are not undone, oldest first, and files that are not used as one. Throws StateRefused where
 * the folder is not this user's own: nothing in it is read then.
 */
export function openEntries(): {
  readonly entries: readonly JournalEntry[];
  readonly unreadable: readonly Unreadable[];
} {
  const folder = stateFolder('journal');
  const entries: JournalEntry[] = [];
  const unreadable: Unreadable[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    try {
      const entry = parseEntry(readStateFile(path));
      if (entry !== null && `${entry.id}.json` === name) entries.push(entry);
      else unreadable.push({ path, why: 'it is no journal entry; look at it and remove it' });
    } catch (error) {
      // Crossed out by another process since the folder was read.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      unreadable.push({ path, why: (error as Error).message });
    }
  }
  return { entries: entries.sort((a, b) => a.at - b.at), unreadable };
}

/** A new or removed name is durable only once its folder is synced (fsync(2)); not every platform lets one do it. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {}
}
