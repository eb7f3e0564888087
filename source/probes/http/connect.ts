import { connect, isIP, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';

/** Opens a TCP connection; rejects with the socket's error or the signal's reason, and then leaves nothing open. */
export function openTcp(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host: address, port, autoSelectFamily: false });
    ready(socket, 'connect', signal, resolve, reject);
  });
}

/** Puts TLS on a connection, with full verification of the certificate. */
export function openTls(socket: Socket, host: string, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // RFC 6066: an address is no server name.
    const servername = isIP(host) ? {} : { servername: host };
    const secure = tlsConnect({ socket, host, ALPNProtocols: ['http/1.1'], ...servername });
    ready(secure, 'secureConnect', signal, resolve, reject);
  });
}

function ready<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  resolve: (socket: S) => void,
  reject: (reason: unknown) => void,
): void {
  const fail = (reason: unknown): void => {
    socket.destroy();
    reject(reason);
  };
  const abort = (): void => fail(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  socket.on('error', fail);
  // A peer that closes in the middle of a handshake sends no error of its own.
  const closed = (): void => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  socket.once('close', closed);
  (socket as Socket).once(event, () => {
    socket.off('close', closed);
    signal.removeEventListener('abort', abort);
    resolve(socket);
  });
}
