import { Socket } from 'node:net';
import { noteOwnFailure } from '../own-connections.js';

/** Longest reply that is waited for: an error line is far shorter. */
const MOST_BYTES = 4_096;

/** What Redis said instead of PONG: `LOADING Redis is loading the dataset in memory`. */
export class RedisRefusal extends Error {}

/** The server ended the connection before it had answered. */
export class RedisClosed extends Error {}

/**
 * Asks PING, after a login where there is a password for one, on a connection of its own (RESP, redis.io/docs/reference/protocol-spec) and resolves when PONG is there.
 * Rejects with `RedisRefusal`, `RedisClosed`, the socket's error or the signal's reason; no connection is left.
 */
export function ping(
  {
    host,
    port,
    password,
  }: { readonly host: string; readonly port: number; readonly password?: string | undefined },
  signal: AbortSignal,
  onConnected: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = new Socket();
    let said = '';
    let waitsForLogin = password !== undefined;
    const end = (error?: unknown): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    const abort = (): void => end(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', end);
    socket.on('end', () => end(new RedisClosed()));
    socket.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('latin1')).slice(0, MOST_BYTES);
      const line = said.indexOf('\r\n');
      if (line < 0) return;
      if (waitsForLogin && said.startsWith('+OK')) {
        waitsForLogin = false;
        said = said.slice(line + 2);
        socket.write(command('PING'));
      } else if (said.startsWith('+PONG')) end();
      else end(new RedisRefusal(said.slice(0, line).replace(/^-/, '')));
    });
    socket.connect(port, host, () => {
      onConnected();
      socket.write(password === undefined ? command('PING') : command('AUTH', password));
    });
    noteOwnFailure(socket, port);
  });
}

/** A command as RESP has it: an array of bulk strings. */
const command = (...words: readonly string[]): string =>
  [`*${words.length}`, ...words.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]), ''].join('\r\n');
