import { sanitise } from '../../terminal/sanitise.js';
import { MOST_HEAD_BYTES, NotHttp1 } from './exchange.js';
import { HttpError } from './http-error.js';
import { RaceLost } from './race.js';
import type { HttpPhase, TlsTrouble } from './sample.js';

const UNREACHABLE = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'EINVAL',
  'ENOENT',
  'ENOTSOCK',
]);
/** Bytes of an answer that is not HTTP which are shown. */
const SHOWN = 60;

/** An error on the way by a proxy, before the target was reached: it is the proxy that is told of. */
export function explainProxy(error: unknown, phase: HttpPhase, called: string): HttpError {
  const said = explainError(error, phase, called);
  if (['status', 'tls', 'protocol', 'proxy'].includes(said.kind)) return said;
  const short = said.kind === 'refused' ? 'a proxy that refuses connections' : 'a proxy that does not answer';
  return new HttpError('proxy', said.phase, `${called}: ${said.message}`, short);
}

/** A socket's, TLS' or parser's error in the words of the sample. `where` is the address that was connected to. */
export function explainError(error: unknown, phase: HttpPhase, where: string): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof RaceLost) return raceLost(error, phase, where);
  if (error instanceof NotHttp1) return notHttp(error, where);
  const { message = String(error) } = error as Error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (code === 'ECONNREFUSED') return new HttpError('refused', phase, refusedText(where));
  if (code === 'ETIMEDOUT')
    return new HttpError('timeout', phase, `the kernel gave up on ${where} (ETIMEDOUT)`);
  if (code === 'ENOENT') return new HttpError('unreachable', phase, `no socket at ${where} (ENOENT)`);
  if (UNREACHABLE.has(code)) return new HttpError('unreachable', phase, `no way to ${where} (${code})`);
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED')
    return new HttpError('reset', phase, resetText(phase, where), RESET_SHORT[phase]);
  if (phase === 'tls') return tlsError(`${code} ${message}`, code || message, where);
  if (code === 'HPE_HEADER_OVERFLOW')
    return new HttpError(
      'protocol',
      phase,
      `the head of the answer of ${where} is larger than ${MOST_HEAD_BYTES / 1024} KB, which no client takes`,
      'a head that is too large',
    );
  if (code.startsWith('HPE_') && phase === 'transfer') return brokenBody(code, where);
  if (
    code.startsWith('HPE_') ||
    code.startsWith('ERR_HTTP2_') ||
    phase === 'firstByte' ||
    phase === 'transfer'
  )
    return new HttpError('protocol', phase, `${where} does not speak HTTP as expected: ${code || message}`);
  // Out of descriptors and the like: ours, and said as it is.
  return new HttpError('unreachable', phase, `cannot connect to ${where}: ${code || message}`);
}

/** On a loopback hardly anybody rejects; elsewhere a refusal looks the same from whoever sends it. */
const refusedText = (where: string): string =>
  /^(127\.|\[::1\]|localhost|\/)/.test(where)
    ? `connection refused: nobody listens at ${where}`
    : `connection refused: nobody listens at ${where}, or a firewall rejects it`;

/** What a client meets where the peer ends the connection, orderly or not. */
const RESET_SHORT: Readonly<Partial<Record<HttpPhase, string>>> = {
  tls: 'a TLS handshake that is broken off',
  firstByte: 'a connection closed without an answer',
  transfer: 'an answer that breaks off',
};

function resetText(phase: HttpPhase, where: string): string {
  if (phase === 'transfer') return `${where} broke the connection in the middle of its answer`;
  if (phase === 'firstByte') return `${where} took the request and closed without an answer`;
  if (phase === 'tls') return `${where} closed the connection in the TLS handshake`;
  return `${where} reset the connection`;
}

function raceLost({ cause, tried }: RaceLost, phase: HttpPhase, where: string): HttpError {
  const one = explainError(cause, phase, where);
  if (tried < 2) return one;
  return new HttpError(
    one.kind,
    one.phase,
    `${one.message}; none of its ${tried} addresses can be connected to`,
  );
}

/** Of a server that was asked in the clear and began to speak TLS. */
export const speaksTls = (where: string): HttpError =>
  new HttpError(
    'protocol',
    'firstByte',
    `${where} speaks TLS: ask it by https://`,
    'TLS where http:// was asked',
  );

/** A server that wants to see a certificate of its client is alive: this is what it says to one that has none. */
export const wantsClientCertificate = (error: unknown): boolean =>
  /CERTIFICATE_REQUIRED/.test(String((error as NodeJS.ErrnoException | undefined)?.code ?? ''));

const TLS_WORDS: readonly (readonly [RegExp, string, string, TlsTrouble?])[] = [
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_LAYER|UNEXPECTED_MESSAGE|BAD_RECORD|wrong version number|packet length too long|unexpected message/i,
    'no TLS at its port',
    'what answers there is not TLS: it may be plain, as with http://',
  ],
  [
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|unsupported protocol|protocol version/i,
    'no TLS version in common',
    'it speaks none of the versions that clients of today speak (1.2 and 1.3)',
    'version',
  ],
  [
    /NO_APPLICATION_PROTOCOL|no application protocol/i,
    'neither HTTP/1.1 nor HTTP/2',
    'it serves another protocol by TLS',
  ],
  [
    /UNRECOGNIZED_NAME|unrecognized name/i,
    'a TLS server without this name',
    'it serves no host of this name',
  ],
  [
    /HANDSHAKE_FAILURE|NO_SHARED_CIPHER|handshake failure|no shared cipher/i,
    'a refused TLS handshake',
    'it has no cipher in common with us, or wants a client certificate',
    'refused-handshake',
  ],
  [
    /INTERNAL_ERROR|internal error/i,
    'an internal error of its TLS',
    'the server ended the handshake by an error of its own',
  ],
];

function tlsError(said: string, code: string, where: string): HttpError {
  const found = TLS_WORDS.find(([pattern]) => pattern.test(said));
  const [, short, why, trouble] = found ?? [undefined, undefined, 'the handshake failed'];
  return new HttpError(
    'tls',
    'tls',
    `TLS with ${where} failed: ${why} (${sanitise(code, 120)})`,
    short,
    trouble,
  );
}

const brokenBody = (code: string, where: string): HttpError =>
  new HttpError(
    'protocol',
    'transfer',
    `the body of the answer of ${where} cannot be read (${code})`,
    'a body that cannot be read',
  );

/** By the bytes that came instead of `HTTP/1.1 200 OK`. */
function notHttp({ began, cause }: NotHttp1, where: string): HttpError {
  const failed = (text: string, short: string): HttpError =>
    new HttpError('protocol', 'firstByte', text, short);
  const code = String((cause as NodeJS.ErrnoException).code ?? '');
  if (began.length > 1 && (began[0] ?? 0) >= 0x14 && (began[0] ?? 0) <= 0x17 && began[1] === 3)
    return speaksTls(where);
  if (code.includes('CHUNK')) return brokenBody(code, where);
  const text = began.toString('latin1');
  if (/^HTTP\//i.test(text))
    return failed(
      `the head of the answer of ${where} cannot be read (${code})`,
      'a head that cannot be read',
    );
  if (/^\s*</.test(text))
    return failed(
      `${where} answers without a status line (HTTP/0.9), which clients of today do not take`,
      'an answer without a status line',
    );
  const line = sanitise(text.split(/[\r\n]/, 1)[0] ?? '', SHOWN);
  return failed(
    /^[\x20-\x7e]{3}/.test(text)
      ? `${where} does not speak HTTP: it says "${line}"`
      : `${where} does not speak HTTP: its answer begins with the bytes ${began.subarray(0, 8).toString('hex')}`,
    'an answer that is not HTTP',
  );
}
