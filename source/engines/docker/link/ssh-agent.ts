import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import type { Endpoint } from '../endpoint/endpoint.js';

type SshEndpoint = Extract<Endpoint, { kind: 'ssh' }>;

/** Bytes of the ssh program's complaints that are kept. */
const MOST_WORDS = 2_000;

/**
 * Connections over the ssh program, as the docker command makes them: `ssh host docker system dial-stdio`. The user's
 * own configuration, keys, agent and known hosts decide; it never asks (BatchMode), so an unknown host is a failure.
 */
export class SshAgent extends Agent {
  readonly #endpoint: SshEndpoint;
  readonly #program: string;

  constructor(endpoint: SshEndpoint, program = 'ssh') {
    super({ keepAlive: true, maxFreeSockets: 1 });
    this.#endpoint = endpoint;
    this.#program = program;
  }

  override createConnection(): Duplex {
    return new SshConnection(this.#program, sshArguments(this.#endpoint));
  }
}

/** Arguments of ssh; the `--` keeps a host from being read as an option. */
export function sshArguments({ host, port, user }: SshEndpoint): readonly string[] {
  return [
    ...['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'],
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...['--', host, 'docker', 'system', 'dial-stdio'],
  ];
}

/** One ssh process as a socket. It ends with its connection; its complaint becomes the error of the connection. */
class SshConnection extends Duplex {
  readonly #child;
  #words = '';

  constructor(program: string, args: readonly string[]) {
    super({ allowHalfOpen: false });
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.#child;
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-MOST_WORDS);
    });
    stdin.on('error', () => {});
    this.#child.once('error', (error) => this.destroy(sshFailure(`${program}: ${error.message}`)));
    this.#child.once('close', (code) => {
      if (code === 0 || this.destroyed) this.push(null);
      else this.destroy(sshFailure(lastLine(this.#words) || `ssh ended with exit code ${code}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    // A broken pipe is only how it shows first; why ssh ended is told when it has.
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill('SIGTERM');
    done(error);
  }

  // What the HTTP client asks of a socket and a pipe has not.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    this.#child.ref();
    return this;
  }
  unref(): this {
    this.#child.unref();
    return this;
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';

function sshFailure(message: string): Error {
  return Object.assign(new Error(message), { code: 'SSH_FAILED' });
}
