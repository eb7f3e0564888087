import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SshEndpoint } from './ssh-command.js';
import { SshSession } from './ssh-session.js';
import { SshTunnel } from './ssh-tunnel.js';

type Given = (error: Error | null, socket: Duplex) => void;

/**
 * Connections over the ssh program: all of them through one process and one login. Where the other side forwards no
 * sockets each is a session of its own, as the docker command has it.
 */
export class SshAgent extends Agent {
  readonly #endpoint: SshEndpoint;
  readonly #program: string;
  #tunnel: Promise<SshTunnel | undefined> | undefined;

  constructor(endpoint: SshEndpoint, program = 'ssh') {
    super({ keepAlive: true, maxFreeSockets: 1 });
    this.#endpoint = endpoint;
    this.#program = program;
  }

  override createConnection(_options: unknown, given?: Given): Duplex | undefined {
    this.#tunnel ??= SshTunnel.open(this.#program, this.#endpoint);
    this.#tunnel
      .then((tunnel) => tunnel?.connect() ?? new SshSession(this.#program, this.#endpoint))
      .then(
        (socket) => given?.(null, socket),
        (error: Error) => given?.(error, undefined as never),
      );
    return undefined;
  }

  override destroy(): void {
    super.destroy();
    this.#tunnel?.then(
      (tunnel) => tunnel?.close(),
      () => {},
    );
  }
}
