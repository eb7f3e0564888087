import { request } from 'node:http';
import type { Socket } from 'node:net';
import { MOST_HEAD_BYTES } from './exchange.js';
import { HttpError } from './http-error.js';
import type { HttpProxy } from './proxy.js';

/** Has a proxy connect to `to` (`host:port`) on an open connection with it: what is sent from then on goes there. */
export function openTunnel(
  socket: Socket,
  proxy: HttpProxy,
  to: string,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => socket,
      ...{
        method: 'CONNECT',
        path: to,
        setHost: false,
        maxHeaderSize: MOST_HEAD_BYTES,
        insecureHTTPParser: true,
      },
      headers: { host: to, ...loginAt(proxy) },
    });
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', abort);
      outgoing.destroy();
      socket.destroy();
      reject(reason);
    };
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    outgoing.on('error', fail);
    outgoing.once('response', ({ statusCode }) => fail(refusedByProxy(proxy, statusCode ?? 0)));
    outgoing.once('connect', ({ statusCode = 0 }, its: Socket) => {
      if (statusCode < 200 || statusCode >= 300) return fail(refusedByProxy(proxy, statusCode));
      signal.removeEventListener('abort', abort);
      resolve(its);
    });
    outgoing.end();
    if (signal.aborted) abort();
  });
}

/** The header by which a proxy is entered. */
export const loginAt = ({ authorization }: HttpProxy): Record<string, string> =>
  authorization === null ? {} : { 'proxy-authorization': authorization };

/** A proxy that does not let us through, by what it answers. */
export function refusedByProxy({ called }: HttpProxy, status: number): HttpError {
  const why =
    status === 407
      ? ' wants a login'
      : status === 403
        ? ' forbids this target'
        : status >= 500
          ? ' cannot reach this target'
          : ' does not connect to it';
  return new HttpError('proxy', 'connect', `${called}${why} (${status})`, `a proxy that${why}`);
}
