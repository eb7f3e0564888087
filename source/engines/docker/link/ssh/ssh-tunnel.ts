import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync, watch } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ownFolder } from './own-folder.js';
import { lastLine, MOST_WORDS, type SshEndpoint, sshArguments, sshFailure } from './ssh-command.js';

/** Where the daemon of the other host listens, unless the address names another path. */
const DOCKER_SOCKET = '/var/run/docker.sock';
/** ssh has logged in and listens within this time (ms); its own ConnectTimeout is 10 s. */
const PATIENCE_MS = 15_000;
/** A daemon behind an open tunnel answers a ping within this time (ms). */
const TRIED_MS = 5_000;
/** ssh(1): exit status 255 if an error occurred; anything else is what a command there, or a wrapper, ended with. */
const OWN_FAILURE = 255;
/** Between two tries of a socket that is made and not listened at yet (ms). */
const AGAIN_MS = 20;
/** One request that every Docker API version answers (`GET /_ping`). */
const PING = 'GET /_ping HTTP/1.0\r\n\r\n';

/**
 * One ssh process, and so one login, for all connections to a daemon: its socket forwarded to one of ours (`ssh -L`).
 * A forwarded connection is a channel and no session, so that neither MaxSessions (10) nor MaxStartups (10:30:100) of
 * sshd_config(5) bounds how many there are. Our socket stands in a folder that only this user can enter.
 */
export class SshTunnel {
  readonly #folder = ownFolder();
  readonly #child: ChildProcess;
  #words = '';
  #ended: Error | undefined;
  /** It ended without an error of its own: what stands in its place, or on the other side, forwards nothing. */
  #refusesToForward = false;

  private constructor(program: string, endpoint: SshEndpoint) {
    const forward = ['-o', 'ExitOnForwardFailure=yes', '-o', 'ControlPath=none', '-L'];
    const path = endpoint.path ?? DOCKER_SOCKET;
    const args = sshArguments(endpoint, [...forward, `${this.#socket}:${path}`]);
    // cat ends when we do, however we end, and ssh with it: -N would outlive a console that is killed.
    this.#child = spawn(program, [...args, 'cat'], { stdio: ['pipe', 'ignore', 'pipe'] });
    this.#child.stdin?.on('error', () => {});
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-MOST_WORDS);
    });
    this.#child.once('error', (error) => this.#end(sshFailure(`${program}: ${error.message}`)));
    this.#child.once('close', (code) => {
      this.#refusesToForward = this.#ended === undefined && code !== OWN_FAILURE;
      this.#end(sshFailure(lastLine(this.#words) || `ssh ended with exit code ${code}`));
    });
  }

  /**
   * Logs in and tries the way once. Rejects with the ssh program's own words when it cannot log in; resolves to
   * undefined when it can and the other side forwards nothing (AllowStreamLocalForwarding no), or has no daemon at
   * that path.
   */
  static async open(program: string, endpoint: SshEndpoint): Promise<SshTunnel | undefined> {
    const tunnel = new SshTunnel(program, endpoint);
    try {
      await tunnel.#listening();
      if (await tunnel.#answers()) return tunnel;
      tunnel.close();
      return undefined;
    } catch (error) {
      tunnel.close();
      if (tunnel.#refusesToForward) return undefined;
      throw error;
    }
  }

  /** A connection to the daemon. Throws what ssh said when it has ended. */
  connect(): Socket {
    if (this.#ended) throw this.#ended;
    return connect(this.#socket);
  }

  /** Ends the ssh process, and all connections with it. */
  close(): void {
    this.#child.kill('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.#folder, 'docker.sock');
  }

  #end(why: Error): void {
    this.#ended ??= why;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Until ssh has made its socket, which it does once it has logged in. */
  #listening(): Promise<void> {
    return new Promise((resolve, reject) => {
      const watcher = watch(this.#folder, () => look());
      const timer = setTimeout(() => done(sshFailure('ssh did not log in in time')), PATIENCE_MS);
      const done = (failure?: Error): void => {
        clearTimeout(timer);
        watcher.close();
        this.#child.removeListener('close', look);
        if (failure) reject(failure);
        else resolve();
      };
      const look = (): void => {
        if (this.#ended) done(this.#ended);
        else if (existsSync(this.#socket)) done();
      };
      watcher.on('error', () => look());
      this.#child.on('close', look);
      look();
    });
  }

  /** Whether a connection through the tunnel is answered with anything at all. */
  async #answers(): Promise<boolean> {
    for (const until = performance.now() + TRIED_MS; performance.now() < until; await pause(AGAIN_MS)) {
      const outcome = await this.#tryOnce();
      if (outcome !== 'refused') return outcome === 'answered';
    }
    return false;
  }

  #tryOnce(): Promise<'answered' | 'closed' | 'refused'> {
    return new Promise((resolve) => {
      const socket = this.connect();
      const done = (outcome: 'answered' | 'closed' | 'refused'): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(outcome);
      };
      const timer = setTimeout(() => done('closed'), TRIED_MS);
      socket.once('data', () => done('answered')).once('close', () => done('closed'));
      // The file of a socket is there before anybody listens at it: bind(2), then listen(2).
      socket.once('error', ({ code }: NodeJS.ErrnoException) =>
        done(code === 'ECONNREFUSED' ? 'refused' : 'closed'),
      );
      socket.write(PING);
    });
  }
}
