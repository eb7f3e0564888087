import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { withDeadline } from '../link/deadline.js';

const CALL_MS = 5_000;

export interface RunInContainer {
  readonly command: readonly string[];
  /** Ends it on our side; what runs in the container ends by itself. */
  readonly signal: AbortSignal;
  /** Bytes of its output that are read; more of it is an error. */
  readonly mostBytes: number;
}

/**
 * Standard output of a program run in a container (`docker exec`), and its exit code. Rejects when it cannot be
 * started, with the daemon's words, or when it writes too much. A container that has no such program gives code 126
 * or 127 from a daemon that does not refuse it at once.
 */
export async function runInContainer(
  docker: Docker,
  container: string,
  { command, signal, mostBytes }: RunInContainer,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const exec = await withDeadline(CALL_MS, (abortSignal) =>
    docker
      .getContainer(container)
      .exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, abortSignal }),
  );
  const stream = await startOf(exec, signal);
  const abort = (): void => void stream.destroy(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const output = await collect(docker, stream, mostBytes);
    signal.throwIfAborted();
    const { ExitCode: code } = await withDeadline(CALL_MS, (abortSignal) => exec.inspect({ abortSignal }));
    return { code, output };
  } finally {
    signal.removeEventListener('abort', abort);
    stream.destroy();
  }
}

/** Its output's stream. A daemon that does not answer must not hold up who waits. */
async function startOf(
  exec: Docker.Exec,
  signal: AbortSignal,
): Promise<NodeJS.ReadWriteStream & Destroyable> {
  const started = exec.start({ hijack: true, stdin: false });
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([started, aborted]);
  } catch (error) {
    started.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

interface Destroyable {
  destroy(error?: Error): unknown;
}

async function collect(docker: Docker, stream: NodeJS.ReadWriteStream, mostBytes: number): Promise<string> {
  const out = new PassThrough();
  const errors = new PassThrough();
  errors.resume();
  docker.modem.demuxStream(stream, out, errors);
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    out.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) reject(new Error(`more than ${mostBytes} bytes of output`));
      else chunks.push(chunk);
    });
    // The demultiplexer does not end what it writes to.
    for (const event of ['end', 'close']) stream.once(event, () => resolve());
    stream.once('error', reject);
  });
  await new Promise((drained) => setImmediate(drained));
  return Buffer.concat(chunks).toString('utf8');
}
