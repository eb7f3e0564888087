import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../engines/embedded/state-directory.js';
import { identityOf } from '../../linux/process/identity.js';
import { entryText, type JournalEntry, parseEntry } from './journal-entry.js';

/** What a caller says of a fault; the journal adds who and when. */
export type NewEntry = Pick<JournalEntry, 'scenario' | 'substrate' | 'target' | 'what' | 'undo'>;

/** A file of the journal that holds no entry; it is named, never guessed at. */
export interface Unreadable {
  readonly path: string;
}

/**
 * Writes a fault down, durably, before it is caused: a file of its own, synced, then its name synced. Throws when it
 * cannot be written, and then the fault must not be caused.
 */
export function record(fault: NewEntry): JournalEntry {
  const at = Date.now();
  const id = `${at.toString(36)}-${randomBytes(4).toString('hex')}`;
  const entry: JournalEntry = { id, at, ...fault, owner: { ...identityOf(process.pid) } };
  const folder = stateFolder('journal');
  const path = join(folder, `${id}.json`);
  const file = openSync(`${path}.new`, 'wx', 0o600);
  try {
    writeSync(file, entryText(entry));
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

/** Faults of any process that are not undone, oldest first, and files that cannot be read as one. */
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
    const entry = readEntry(path);
    if (entry === null) unreadable.push({ path });
    else if (entry !== 'gone') entries.push(entry);
  }
  return { entries: entries.sort((a, b) => a.at - b.at), unreadable };
}

function readEntry(path: string): JournalEntry | null | 'gone' {
  try {
    return parseEntry(readFileSync(path, 'utf8'));
  } catch (error) {
    // Crossed out by another process since the folder was read.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : null;
  }
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
