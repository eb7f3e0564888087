import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { stateFolder } from '../../engines/embedded/state-directory.js';
import { LONGEST_STATE_FILE, readStateFile } from '../../engines/embedded/state-file.js';
import { identityOf } from '../../linux/process/identity.js';
import { FAULT_KINDS } from '../fault-spec.js';
import { readPlan, writtenPlan } from '../plan/written-plan.js';

const identity = z.object({ pid: z.int().positive(), startTime: z.string() });
const labId = z.string().regex(/^[0-9A-Za-z-]{1,64}$/);

/** A fault in a container: all that another process needs to take it back. */
const containerStep = z
  .object({
    kind: z.literal('docker'),
    /** As DOCKER_HOST says it. */
    endpoint: z.string(),
    plan: readPlan,
    /** The target before. */
    snapshot: z.record(z.string(), z.string()),
    /** Kinds of other faults of ours that were on the target then. */
    beside: z.array(z.enum(FAULT_KINDS)),
    /** Name of the container of its agent. */
    keeper: z.string(),
    /** The toolbox image it runs from. */
    image: z.string().regex(/^faultline\/toolbox:[0-9a-z]{1,64}$/),
    /** Wall-clock ms at which it ends by itself unless it is renewed. */
    expiresAt: z.number(),
  })
  .transform(({ keeper, ...step }) => ({ ...step, agent: keeper }));

/** What any process can do to take a fault back, as data. */
const undoStep = z.discriminatedUnion('kind', [
  /** A process of a lab is thawed, verified by its start time. */
  z.object({
    kind: z.literal('signal'),
    process: identity,
    signal: z.literal('SIGCONT'),
  }),
  /** Only the console that runs the lab can undo it (a stopped service, a forgotten name), or the lab's end does. */
  z.object({ kind: z.literal('lab'), lab: labId }),
  /** A Swarm service gets its spec back; `endpoint` is the daemon's, as DOCKER_HOST would name it. */
  z.object({
    kind: z.literal('swarm-service'),
    endpoint: z.string(),
    service: z.string().regex(/^[0-9a-z]{1,64}$/),
    name: z.string(),
    spec: z.record(z.string(), z.unknown()),
  }),
  /** A fault in a container: its agent ends it, or what is left of its undo steps is done from anywhere. */
  containerStep,
  /** Everything labelled as this lab's is removed; where the lab made the swarm, it is ended, too. */
  z.object({
    kind: z.literal('swarm-lab'),
    endpoint: z.string(),
    lab: z.string().regex(/^swarm-[0-9a-z]{1,16}$/),
    made: z.object({ gateway: z.boolean() }).nullable(),
  }),
]);

const entry = z.object({
  id: z.string().regex(/^[0-9a-z-]+$/),
  /** Wall-clock milliseconds. */
  at: z.number(),
  /** Id of the failure mode. */
  scenario: z.string(),
  substrate: z.enum(['embedded', 'docker']),
  target: z.object({ lab: z.string(), workload: z.string(), process: identity.nullable() }),
  /** For a person: "todo-app is frozen (SIGSTOP)". */
  what: z.string(),
  undo: z.array(undoStep),
  /** The process that caused it. */
  owner: identity,
});

export type UndoStep = z.infer<typeof undoStep>;
export type JournalEntry = z.infer<typeof entry>;

/** An entry as a journal file holds it: `keeper` there is what is called an agent here. */
export function entryText(entry: JournalEntry): string {
  const undo = entry.undo.map((step) => {
    if (step.kind !== 'docker') return step;
    const { agent, plan, ...rest } = step;
    return { ...rest, plan: writtenPlan(plan), keeper: agent };
  });
  return JSON.stringify({ ...entry, undo });
}

/** The entry in a journal file's text, or null when it is none. */
export function parseEntry(text: string): JournalEntry | null {
  try {
    return entry.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

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
