import type { Clock } from '../../clock.js';
import type { NodeSockets } from '../../linux/namespace/node-sockets.js';
import { noteOwnConnection, noteOwnFailure } from '../own-connections.js';

export interface Knock {
  /** Name of the errno; null when it connected; `ETIMEDOUT` when patience was over. */
  readonly errno: string | null;
  /** Milliseconds from connect() to its end. */
  readonly ms: number;
}

/**
 * Connects once, sends nothing and closes. Resolves within `patienceMs`; rejects with the reason of an aborted
 * signal and with NamespaceError when the source has gone.
 */
export function knock(
  sockets: NodeSockets,
  target: { readonly address: string; readonly port: number },
  options: { readonly patienceMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Knock> {
  const { patienceMs, clock, signal } = options;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = sockets.knock(target);
    noteOwnFailure(socket, target.port);
    // Entering the namespace is no part of it; connect() itself is called once this function has returned.
    const began = clock.now();
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      finish();
    };
    const end = (errno: string | null): void => {
      const ms = clock.now() - began;
      settle(() => resolve({ errno, ms }));
    };
    const abort = (): void => settle(() => reject(signal.reason));
    const timer = setTimeout(() => end('ETIMEDOUT'), patienceMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      if (socket.localPort !== undefined) noteOwnConnection(socket.localPort, target.port, clock.now());
      end(null);
    });
    // Stays for good: an error after the end is of no interest, but must have a listener.
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'EIO'));
  });
}
