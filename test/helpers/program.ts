import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from './until.js';

const CLI = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

/** The built program, run to its end; killed after `withinMs`, and then its code is null. */
export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function startProgram(
  argv: readonly string[],
  options: {
    readonly env?: Record<string, string | undefined>;
    readonly withinMs?: number;
    /** A file in place of the pipe for standard output. */
    readonly stdout?: string;
  } = {},
): Program {
  const began = performance.now();
  const out = options.stdout === undefined ? 'pipe' : openSync(options.stdout, 'w');
  const env = { ...process.env, ...options.env };
  const child = spawn(process.execPath, [CLI, ...argv], { stdio: ['ignore', out, 'pipe'], env });
  if (typeof out === 'number') closeSync(out);
  const late = setTimeout(() => child.kill('SIGKILL'), options.withinMs ?? PATIENCE_MS);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk) => {
      texts[name] += chunk;
    });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => {
      clearTimeout(late);
      done({ code, out: texts.stdout, err: texts.stderr, ms: performance.now() - began });
    });
  });
  return { child, ended };
}
