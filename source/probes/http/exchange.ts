import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';

/** Of a body no more than this is read (bytes): a probe measures the beginning of a download, not all of it. */
export const MOST_BODY_BYTES = 1024 * 1024;

/** Sends a request on an open connection and resolves with the head of the answer. */
export function sendRequest(
  socket: Socket,
  url: URL,
  method: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => socket,
      method,
      path: `${url.pathname}${url.search}`,
      setHost: false,
      headers: { host: url.host, accept: '*/*', connection: 'close', 'user-agent': 'faultline' },
    });
    const abort = (): void => {
      outgoing.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    outgoing.on('error', reject);
    outgoing.once('upgrade', () => reject(new Error('the server switched to another protocol')));
    outgoing.once('response', (response) => {
      signal.removeEventListener('abort', abort);
      resolve(response);
    });
    outgoing.end();
    if (signal.aborted) abort();
  });
}

/** Reads a body to its end, or up to MOST_BODY_BYTES. */
export function readBody(response: IncomingMessage, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const end = (error?: unknown): void => {
      signal.removeEventListener('abort', abort);
      if (error) reject(error);
      else resolve();
    };
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes >= MOST_BODY_BYTES) end();
    });
    response.once('end', () => end());
    response.on('error', end);
    if (signal.aborted) abort();
  });
}
