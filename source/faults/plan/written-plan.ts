import { z } from 'zod';
import type { FaultPlan } from '../fault-plan.js';
import { FAULT_KINDS } from '../fault-spec.js';

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

const written = z.object({
  id: z.string().regex(/^f[0-9a-z]{1,30}$/),
  spec: z.looseObject({ kind: z.enum(FAULT_KINDS), target: z.string() }),
  target: z.object({
    id: z.string().regex(/^[0-9a-f]{64}$/),
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

/** A plan as files and JSON have it: what it says of its agent is called `keeper` there, as from the beginning. */
export type WrittenPlan = Omit<FaultPlan, 'agent'> & { readonly keeper: FaultPlan['agent'] };

/** A plan as it is written down and printed. */
export function writtenPlan({ agent, ...plan }: FaultPlan): WrittenPlan {
  return { ...plan, keeper: agent };
}

/** A plan that was written down, checked. */
export const readPlan = (written as unknown as z.ZodType<WrittenPlan>).transform(
  ({ keeper, ...plan }): FaultPlan => ({ ...plan, agent: keeper }),
);
