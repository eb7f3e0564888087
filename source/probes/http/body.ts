import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock, Timer } from '../../clock.js';

/** Of a body no more than this is read (bytes): a probe measures the beginning of a download, not all of it. */
export const MOST_BODY_BYTES = 1024 * 1024;
/** A body that came on within so long (ms) before the deadline is slow, and not stuck. */
const STILL_COMING_MS = 2_000;
/** A stream whose head has come is given this long (ms) for a first event, which it need not have. */
const FIRST_EVENT_MS = 500;
/** Answers that have no end by design (WHATWG HTML 9.2; RFC 2046 5.1; NDJSON as log and watch interfaces send it). */
const ENDLESS =
  /^(text\/event-stream|multipart\/x-mixed-replace|application\/(x-ndjson|stream\+json|jsonl))\b/i;

/** How the reading of a body ended: at its end, or while it still came. */
export interface BodyRead {
  readonly ended: boolean;
  readonly note: string | null;
}

/** Whether an answer is one that goes on by design. */
export const isStream = (headers: IncomingHttpHeaders): boolean =>
  ENDLESS.test(headers['content-type'] ?? '');

/**
 * Reads a body to its end, or up to MOST_BODY_BYTES, or for `roomMs`. A stream is answered by its head; a body without
 * a length by its first byte, as it may go on for ever; one of a known length must keep coming. Rejects with the error
 * of the connection, or with `stuck` when time is over.
 */
export function readBody(
  body: Readable,
  headers: IncomingHttpHeaders,
  {
    signal,
    clock,
    roomMs,
    stuck,
  }: { signal: AbortSignal; clock: Clock; roomMs: number; stuck: (bytes: number) => Error },
): Promise<BodyRead> {
  const stream = isStream(headers);
  const sized = headers['content-length'] !== undefined;
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let last = clock.now();
    let timer: Timer | undefined;
    const end = (settle: () => void): void => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      settle();
    };
    const done = (ended: boolean, note: string | null): void => end(() => resolve({ ended, note }));
    const abort = (): void => end(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    timer = clock.setTimeout(
      () => {
        const coming = bytes > 0 && (!sized || clock.now() - last < Math.min(STILL_COMING_MS, roomMs / 2));
        if (stream) done(false, 'a stream without end');
        else if (coming) done(false, sized ? 'a long answer, not read to its end' : 'an answer that goes on');
        else end(() => reject(stuck(bytes)));
      },
      stream ? Math.min(FIRST_EVENT_MS, roomMs) : roomMs,
    );
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      last = clock.now();
      if (stream) done(false, 'a stream without end');
      else if (bytes >= MOST_BODY_BYTES) done(true, null);
    });
    body.once('end', () => done(true, null));
    body.on('error', (error) => end(() => reject(error)));
    body.once('close', () => end(() => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))));
    if (signal.aborted) abort();
  });
}
