import { connect, type Socket } from 'node:net';
import { connectWithSmallSegments } from '../../linux/small-segments.js';
import { noteOwnFailure } from '../own-connections.js';

/** Opens a TCP connection; rejects with the socket's error or the signal's reason, and then leaves nothing open. */
export function openTcp(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  const open = (): Socket => {
    const socket = connect({ host: address, port, autoSelectFamily: false });
    noteOwnFailure(socket, port);
    return socket;
  };
  return opened(signal, open, 'connect');
}

/** The same, and the peer is told to send small segments only. */
export async function openTcpSmall(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = await connectWithSmallSegments(address, port);
  noteOwnFailure(socket, port);
  return opened(signal, () => socket, 'connect');
}

/** Opens a connection to a socket in the file system; rejects in the same way. */
export function openUnix(path: string, signal: AbortSignal): Promise<Socket> {
  return opened(signal, () => connect({ path }), 'connect');
}

/** Waits for a socket to be ready; one that fails, closes or is aborted before is destroyed. */
export function opened<S extends Socket>(
  signal: AbortSignal,
  open: () => S,
  event: 'connect' | 'secureConnect',
): Promise<S> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = open();
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(reason);
    };
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    // It stays for good: what comes later has nobody else, and is told by whoever reads the socket.
    socket.on('error', fail);
    // A peer that closes in the middle of a handshake sends no error of its own.
    const closed = (): void => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    socket.once('close', closed);
    (socket as Socket).once(event, () => {
      socket.off('close', closed);
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
  });
}
