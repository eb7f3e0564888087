import { z } from 'zod';
import { dockerUndo } from './plan-schema.js';

const identity = z.object({ pid: z.int().positive(), startTime: z.string() });

/** What any process can do to take a fault back, as data. */
const undoStep = z.discriminatedUnion('kind', [
  /** A signal to one process, verified by its start time: SIGCONT thaws, the others end a process that is the fault. */
  z.object({
    kind: z.literal('signal'),
    process: identity,
    signal: z.enum(['SIGCONT', 'SIGTERM', 'SIGINT', 'SIGKILL']),
  }),
  /** Only the console that runs the lab can take it back (a stopped service, a forgotten name), or the lab's end does. */
  z.object({ kind: z.literal('lab'), lab: z.string() }),
  /** A Swarm service gets its spec back; `endpoint` is the daemon's, as DOCKER_HOST would name it. */
  z.object({
    kind: z.literal('swarm-service'),
    endpoint: z.string(),
    service: z.string(),
    name: z.string(),
    spec: z.record(z.string(), z.unknown()),
  }),
  /** A fault in a container: its keeper ends it, or what is left of its undo steps is done from anywhere. */
  dockerUndo,
  /** Everything labelled as this lab's is removed; where the lab made the swarm, it is ended, too. */
  z.object({
    kind: z.literal('swarm-lab'),
    endpoint: z.string(),
    lab: z.string(),
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

/** The entry in a journal file's text, or null when it is none. */
export function parseEntry(text: string): JournalEntry | null {
  try {
    return entry.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
