import { type IncomingHttpHeaders, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { HttpError } from './http-error.js';

/** Bytes of a head that are taken: what curl takes (lib/http.h, MAX_HTTP_RESP_HEADER_SIZE). Node alone stops at 16 KB. */
export const MOST_HEAD_BYTES = 300 * 1024;
/** Interim answers (1xx) before the real one: a server that sends more never comes to it. */
const MOST_INTERIM = 100;
/** Characters of an answer that is not HTTP which are looked at. */
const PEEK = 512;

/** The head of an answer, and the body that follows. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  readonly http2: boolean;
  /** Whether the lines of its head end in LF alone. */
  readonly bareLines: boolean;
  readonly headBytes: number;
  /** What went wrong behind the head, where the body itself only breaks off: a chunk that cannot be read. */
  readonly trouble: () => unknown;
}

export interface Question {
  readonly method: string;
  /** The request line's target: a path, or by a proxy the whole URL. */
  readonly path: string;
  readonly host: string;
  readonly secure: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told once, when the first byte has come. */
  readonly onFirstByte: () => void;
}

/** An answer that no HTTP/1 parser takes, with the bytes that it began with. */
export class NotHttp1 extends Error {
  constructor(
    override readonly cause: unknown,
    readonly began: Buffer,
  ) {
    super('not HTTP/1');
    this.name = 'NotHttp1';
  }
}

/**
 * Sends a request on an open connection and resolves with the head of the answer. Takes what curl takes: heads of 300
 * KB, lines that end in LF alone. Rejects with NotHttp1 when the answer is none, else with the socket's error.
 */
export function sendRequest(socket: Socket, question: Question): Promise<Answer> {
  const { method, path, host, headers, signal } = question;
  return new Promise((resolve, reject) => {
    let began = Buffer.alloc(0);
    let interim = 0;
    const outgoing = request({
      createConnection: () => socket,
      ...{ method, path, setHost: false, maxHeaderSize: MOST_HEAD_BYTES, insecureHTTPParser: true },
      headers: { host, ...headers, connection: 'close' },
    });
    let trouble: unknown;
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', abort);
      trouble ??= reason;
      outgoing.destroy();
      reject(reason);
    };
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    // Before the parser, so that what it cannot read is still seen.
    const peek = (chunk: Buffer): void => {
      if (began.length === 0) question.onFirstByte();
      if (began.length < PEEK) began = Buffer.concat([began, chunk.subarray(0, PEEK - began.length)]);
    };
    outgoing.once('socket', (its) => its.prependListener('data', peek));
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code?.startsWith('HPE_') && error.code !== 'HPE_HEADER_OVERFLOW'
          ? new NotHttp1(error, began)
          : error,
      ),
    );
    outgoing.on('information', () => {
      if (++interim > MOST_INTERIM) fail(endlessInterim());
    });
    outgoing.once('upgrade', (response, its) => {
      its.destroy();
      fail(switched(response.headers.upgrade));
    });
    outgoing.once('response', (body) => {
      signal.removeEventListener('abort', abort);
      resolve({
        ...{
          status: body.statusCode ?? 0,
          statusText: body.statusMessage ?? '',
          headers: body.headers,
          body,
        },
        ...{ http2: false, bareLines: isBare(began), headBytes: bytesOf(body.rawHeaders) },
        trouble: () => trouble,
      });
    });
    outgoing.end();
    if (signal.aborted) abort();
  });
}

/** The same by HTTP/2, on a connection that was agreed to speak it or is known to. */
export function sendHttp2(socket: Socket, question: Question): Promise<Answer> {
  const { method, path, host, secure, headers, signal } = question;
  return new Promise((resolve, reject) => {
    const authority = `${secure ? 'https' : 'http'}://${host}`;
    const session = connectHttp2(authority, {
      createConnection: () => socket,
      settings: { enablePush: false, maxHeaderListSize: MOST_HEAD_BYTES },
    });
    const stream = session.request({ ':method': method, ':path': path, ...headers });
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', abort);
      session.destroy();
      reject(reason);
    };
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    session.on('error', fail);
    session.once('close', () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    stream.on('error', fail);
    stream.once('response', (all) => {
      signal.removeEventListener('abort', abort);
      question.onFirstByte();
      const { ':status': status, ...fields } = all;
      // Closed with its stream, so that nothing of it outlives the answer.
      stream.once('close', () => session.destroy());
      resolve({
        ...{ status: status ?? 0, statusText: '', headers: fields, body: stream },
        ...{ http2: true, bareLines: false, headBytes: 0, trouble: () => undefined },
      });
    });
    stream.end();
    if (signal.aborted) abort();
  });
}

/** Whether bytes are the beginning of an HTTP/2 connection: a frame SETTINGS or GOAWAY on stream 0 (RFC 9113, 3.4 and 4.1). */
export const isHttp2 = (bytes: Buffer): boolean =>
  bytes.length >= 9 &&
  (bytes[3] === 4 || bytes[3] === 7) &&
  bytes.readUInt32BE(5) === 0 &&
  bytes.readUIntBE(0, 3) < 16_384;

function isBare(began: Buffer): boolean {
  const feed = began.indexOf(10);
  return feed > 0 && began[feed - 1] !== 13;
}

const bytesOf = (fields: readonly string[]): number => fields.reduce((sum, text) => sum + text.length + 2, 0);

const endlessInterim = (): HttpError =>
  new HttpError(
    'protocol',
    'firstByte',
    `more than ${MOST_INTERIM} interim answers (1xx) came, and no final one`,
    'interim answers without end',
  );

const switched = (to: string | undefined): HttpError =>
  new HttpError(
    'protocol',
    'firstByte',
    `the server switched to ${to ? `"${to.slice(0, 40)}"` : 'another protocol'}, which nobody asked for`,
    'a switch to another protocol',
  );
