import type { Socket } from 'node:net';
import type { Clock } from '../../clock.js';
import type { Dialogue, Verdict } from './dialogues/index.js';

/** Bytes taken at most: every answer that decides has some hundred. */
const MOST_BYTES = 16_384;
/** A server that has begun to speak and pauses has said what it says (ms). */
const PAUSE_MS = 250;

/** How a connection to a server ended, its own words first. */
export interface Exchange {
  readonly verdict: Verdict | null;
  /** From connect() to the handshake of TCP, and to its first byte; null when they did not come. */
  readonly connectMs: number | null;
  readonly firstByteMs: number | null;
  /** Name of the errno; null where no call failed. */
  readonly errno: string | null;
  /** It closed the connection. */
  readonly closed: boolean;
}

/**
 * Holds one dialogue on a socket that is connecting, and ends it: resolves within `patienceMs` whatever the server
 * does, having taken at most 16 KiB of it. Rejects with the reason of an aborted signal.
 */
export function exchange(
  socket: Socket,
  dialogue: Dialogue,
  options: { readonly patienceMs: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Exchange> {
  const { patienceMs, clock, signal } = options;
  const began = clock.now();
  return new Promise((resolve, reject) => {
    let connectMs: number | null = null;
    let firstByteMs: number | null = null;
    let bytes: Buffer = Buffer.alloc(0);
    let pause: NodeJS.Timeout | undefined;
    const leave = (): void => {
      clearTimeout(deadline);
      clearTimeout(pause);
      signal.removeEventListener('abort', abort);
      socket.destroy();
    };
    const end = (verdict: Verdict | null, errno: string | null = null, closed = false): void => {
      leave();
      resolve({ verdict, connectMs, firstByteMs, errno, closed });
    };
    const atEnd = (errno: string | null, closed: boolean): void =>
      end(bytes.length === 0 ? null : (dialogue.atEnd?.(bytes) ?? null), errno, closed);
    const abort = (): void => {
      leave();
      reject(signal.reason);
    };
    const deadline = setTimeout(() => atEnd(null, false), patienceMs);
    // Stays for good: an error after the end is of no interest, but must have a listener.
    socket.on('error', ({ code = 'EIO' }: NodeJS.ErrnoException) =>
      atEnd(code, connectMs !== null || code === 'ECONNRESET' || code === 'EPIPE'),
    );
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      connectMs = clock.now() - began;
      if (dialogue.hello) socket.write(dialogue.hello);
    });
    socket.on('end', () => atEnd(null, true));
    socket.on('close', () => atEnd(null, true));
    socket.on('data', (chunk: Buffer) => {
      firstByteMs ??= clock.now() - began;
      bytes = Buffer.concat([bytes, chunk.subarray(0, MOST_BYTES - bytes.length)]);
      const verdict = dialogue.read(bytes);
      if (verdict) return end(verdict);
      if (bytes.length >= MOST_BYTES) return atEnd(null, false);
      clearTimeout(pause);
      pause = setTimeout(() => atEnd(null, false), PAUSE_MS);
    });
    // Of one that was connected from within another namespace nothing has been read yet.
    socket.resume();
  });
}
