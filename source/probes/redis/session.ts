import { Socket } from 'node:net';

/** Longest reply that is waited for: an error line is far shorter. */
const MOST_BYTES = 4_096;

/** What Redis said instead of PONG: `LOADING Redis is loading the dataset in memory`. */
export class RedisRefusal extends Error {}

/** The server ended the connection before it had answered. */
export class RedisClosed extends Error {}

/**
 * Asks PING on a connection of its own (RESP, redis.io/docs/reference/protocol-spec) and resolves when PONG is there.
 * Rejects with `RedisRefusal`, `RedisClosed`, the socket's error or the signal's reason; no connection is left.
 */
export function ping(
  host: string,
  port: number,
  signal: AbortSignal,
  onConnected: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = new Socket();
    let said = '';
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
      if (said.startsWith('+PONG')) end();
      else end(new RedisRefusal(said.slice(0, line).replace(/^-/, '')));
    });
    socket.connect(port, host, () => {
      onConnected();
      socket.write('*1\r\n$4\r\nPING\r\n');
    });
  });
}
