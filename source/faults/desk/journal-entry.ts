import { z } from 'zod';
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
