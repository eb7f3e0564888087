import { isIP, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { explainCertificate } from './certificate.js';
import { opened } from './connect.js';
import { HttpError } from './http-error.js';
import { hostTrust } from './trust.js';

/**
 * Puts TLS on a connection, with full verification of the certificate: one that is not accepted is an HttpError that
 * says what is wrong with it, and nothing is sent. `now` is wall-clock ms, `ca` an authority (PEM) that is trusted besides. HTTP/2 is offered behind HTTP/1.1.
 */
export async function openTls(
  socket: Socket,
  host: string,
  {
    signal,
    now,
    protocols,
    ca,
  }: { signal: AbortSignal; now: number; protocols: readonly string[]; ca?: string | undefined },
): Promise<TLSSocket> {
  // RFC 6066: an address is no server name.
  const servername = isIP(host) ? {} : { servername: host };
  const secure = await opened(
    signal,
    () =>
      tlsConnect({
        ...{ socket, host, ...servername, ALPNProtocols: [...protocols] },
        // It is verified all the same, and judged below: an error here would take the certificate away.
        ...{ secureContext: hostTrust(ca), rejectUnauthorized: false },
      }),
    'secureConnect',
  );
  if (secure.authorized) return secure;
  const error = secure.authorizationError as Error | string | null;
  const code =
    typeof error === 'string' ? error : String((error as NodeJS.ErrnoException | null)?.code ?? '');
  const leaf = secure.getPeerCertificate(true);
  secure.destroy();
  const { text, short, trouble } = explainCertificate(code, leaf?.valid_to ? leaf : undefined, host, now);
  throw new HttpError('tls', 'tls', text, short, trouble);
}

/**
 * What a server speaks with a client that takes every version and every cipher: "TLS 1.1, AES128-SHA"; null where they
 * have nothing in common either. The connection is closed, and nothing is sent.
 */
export async function spokenTls(socket: Socket, host: string, signal: AbortSignal): Promise<string | null> {
  const servername = isIP(host) ? {} : { servername: host };
  try {
    const secure = await opened(
      signal,
      () =>
        tlsConnect({
          ...{ socket, host, ...servername, rejectUnauthorized: false },
          ...{ minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
        }),
      'secureConnect',
    );
    return `${(secure.getProtocol() ?? 'TLS').replace('TLSv1', 'TLS 1').replace(/ 1$/, ' 1.0')}, ${secure.getCipher().name}`;
  } catch {
    signal.throwIfAborted();
    return null;
  } finally {
    socket.destroy();
  }
}

/** Whether who is at the other end of a connection has a certificate to show; the connection is closed. */
export async function answersTls(
  socket: Socket,
  host: string,
  options: { signal: AbortSignal; now: number },
): Promise<boolean> {
  try {
    (await openTls(socket, host, { ...options, protocols: ['http/1.1'] })).destroy();
    return true;
  } catch (error) {
    options.signal.throwIfAborted();
    // A certificate that is not accepted is one; an alert is TLS as well.
    return (
      error instanceof HttpError ||
      /ALERT|CERTIFICATE/.test(String((error as NodeJS.ErrnoException).code ?? ''))
    );
  } finally {
    socket.destroy();
  }
}
