import { z } from 'zod';
import type { FaultPlan } from '../fault-plan.js';

const texts = z.array(z.string());

const step = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('run'),
    command: texts.min(1),
    stdin: z.string().optional(),
    okCodes: z.array(z.int()).optional(),
  }),
  z.object({
    do: z.literal('docker'),
    method: z.enum(['POST', 'DELETE']),
    path: z.string().startsWith('/'),
    body: z.unknown().optional(),
    okStatus: z.array(z.int()).optional(),
  }),
  z.object({
    do: z.literal('queue'),
    number: z.int(),
    delayMs: z.number(),
    jitterMs: z.number(),
    lossPercent: z.number(),
  }),
  z.object({
    do: z.literal('exec'),
    command: texts.min(1),
    user: z.string().optional(),
    okStatus: z.array(z.int()).optional(),
  }),
  z.object({ do: z.literal('answer'), port: z.int(), rcode: z.enum(['NXDOMAIN', 'SERVFAIL']) }),
]);

const kind = z.enum([
  'delay',
  'loss',
  'drop-peer',
  'dns-answer',
  'dns-drop',
  'bandwidth',
  'cpu',
  'memory',
  'allocate',
  'open-files',
  'kill',
  'pause',
  'disconnect',
]);

const plan = z.object({
  id: z.string().regex(/^f[0-9a-z]+$/),
  spec: z.looseObject({ kind, target: z.string() }),
  target: z.object({
    id: z.string().regex(/^[0-9a-f]+$/),
    name: z.string(),
    startedAt: z.string(),
    network: z.string().nullable(),
  }),
  what: z.string(),
  means: z.string(),
  insteadOf: z.string().nullable(),
  ending: z.enum(['kernel lease', 'fail-open', 'timer']),
  ttlMs: z.number().positive(),
  apply: z.array(step),
  renew: z.array(step),
  undo: z.array(step),
  readings: z.array(z.object({ name: z.string(), command: texts.min(1), timeoutMs: z.number().optional() })),
  keeper: z.object({
    capabilities: z.array(z.enum(['NET_ADMIN', 'NET_RAW', 'SYS_PTRACE'])),
    network: z.enum(['target', 'none']),
    pid: z.boolean(),
    socket: z.boolean(),
    user: z.string().optional(),
  }),
});

/** What the journal keeps of a fault in a container: all that another process needs to take it back. */
export const dockerUndo = z.object({
  kind: z.literal('docker'),
  /** As DOCKER_HOST says it. */
  endpoint: z.string(),
  plan: plan as unknown as z.ZodType<FaultPlan>,
  /** The target before. */
  snapshot: z.record(z.string(), z.string()),
  /** Kinds of other faults of ours that were on the target then. */
  beside: z.array(kind),
  /** Name of the container that keeps it. */
  keeper: z.string(),
  /** The toolbox image it runs from. */
  image: z.string(),
  /** Wall-clock ms at which it ends by itself unless it is renewed. */
  expiresAt: z.number(),
});

export type DockerUndo = z.infer<typeof dockerUndo>;
