import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { lastLine, MOST_WORDS, type SshEndpoint, sshArguments, sshFailure } from './ssh-command.js';

/**
 * One ssh process as a socket: `ssh host docker system dial-stdio`, as the docker command connects. It ends with its
 * connection; its complaint becomes the error of the connection.
 */
export class SshSession extends Duplex {
  readonly #child;
  #words = '';

  constructor(program: string, endpoint: SshEndpoint) {
    super({ allowHalfOpen: false });
    const args = [...sshArguments(endpoint, []), 'docker', 'system', 'dial-stdio'];
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
