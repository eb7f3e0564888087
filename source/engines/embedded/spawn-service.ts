import { type ChildProcess, spawn } from 'node:child_process';
import type { EngineLogLine } from '../engine.js';
import { lineCutter } from './log-ring.js';
import type { ServicePort, ServiceSpec } from './service-spec.js';

/**
 * Spawns a service in a session of its own, so that a Ctrl-C or hang-up at the console's terminal does not reach it:
 * the console decides when it ends. node:child_process and not execa: a service runs for hours and its output is
 * wanted as a stream of bytes with nothing kept, and its ending is an event and not an error. It stands in `cwd`, the
 * lab's directory: by that it is known as the lab's later (own-process.ts).
 */
export function spawnService(
  spec: ServiceSpec,
  cwd: string,
  ports: readonly ServicePort[],
  onLine: (stream: EngineLogLine['stream'], text: string) => void,
): ChildProcess {
  const child = spawn(spec.command, spec.args(ports), {
    cwd,
    env: { ...process.env, ...spec.env(ports) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', spec.readiness.by === 'message' ? 'ipc' : 'ignore'],
    ...(spec.user && { uid: spec.user.uid, gid: spec.user.gid }),
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    const cutter = lineCutter((text) => onLine(stream, text));
    child[stream]?.on('data', cutter.take);
    child[stream]?.on('end', cutter.end);
    child[stream]?.on('error', () => {});
  }
  return child;
}

/** Why a program could not be spawned, and what to do. */
export function spawnFailure(spec: ServiceSpec, cwd: string, error: NodeJS.ErrnoException): Error {
  const reasons: Record<string, string> = {
    ENOENT: `${spec.command} is not there, or its working directory ${cwd} is not. Run npm ci again.`,
    EACCES: `no permission to run ${spec.command}. Check its mode, and whether its file system is mounted noexec.`,
    EPERM: `not permitted to run ${spec.command} as user ${spec.user?.uid ?? 'oneself'}.`,
    EAGAIN: 'no more processes may be started here. See ulimit -u.',
    EMFILE: 'too many open files. See ulimit -n.',
  };
  return new Error(`${spec.name}: ${reasons[error.code ?? ''] ?? error.message}`);
}
