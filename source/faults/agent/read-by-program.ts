import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import type { z } from 'zod';
import { runToolbox } from './toolbox.js';

const PATIENCE_MS = 60_000;

/**
 * Runs a program that stands beside this file in a container of the toolbox, in the namespaces of a target or, without
 * one, in a network that is thrown away; what it prints is checked. Rejects with its last words.
 */
export async function readByProgram<Answer>(
  { docker, image }: { readonly docker: Docker; readonly image: string },
  program: 'inside' | 'means',
  target: string | null,
  shape: z.ZodType<Answer>,
): Promise<Answer> {
  const { code, output, errors } = await runToolbox(
    docker,
    {
      image,
      name: `faultline-look-${randomBytes(6).toString('hex')}`,
      command: ['python3', '-I', '-c', readFileSync(new URL(`./${program}.py`, import.meta.url), 'utf8')],
      labels: { 'faultline.look': target ?? 'nothing' },
      network: target,
      pid: target,
      capabilities: ['NET_ADMIN', 'NET_RAW'],
      socket: null,
    },
    PATIENCE_MS,
  );
  if (code !== 0)
    throw new Error(
      `a container of the toolbox could not look: ${errors.trim().split('\n').at(-1) || `exit code ${code}`}`,
    );
  return shape.parse(JSON.parse(output));
}
