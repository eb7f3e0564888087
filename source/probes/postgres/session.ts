import type pg from 'pg';
import { CheckedSocket } from './checked-socket.js';

/** What our own connections call themselves, so that they are not counted as anybody's. */
export const APPLICATION_NAME = 'faultline-probe';
/** Time for a polite goodbye (ms); after it the connection is cut. */
const GOODBYE_MS = 100;

export interface Credentials {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Runs `work` on a fresh connection and leaves none behind. The socket is ours, so that a server which accepts and
 * never answers can be left at once: rejects with the signal's reason when that is aborted.
 */
export async function withSession<T>(
  credentials: Credentials,
  signal: AbortSignal,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  // Loaded where there is a database to ask: a host without one starts sooner.
  const { Client } = (await import('pg')).default;
  signal.throwIfAborted();
  const socket = new CheckedSocket();
  const client = new Client({
    ...credentials,
    application_name: APPLICATION_NAME,
    stream: () => socket,
    ssl: false,
  });
  // The same error also rejects the call in progress; without a listener it would end the program.
  client.on('error', () => undefined);
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    const task = client.connect().then(() => work(client));
    task.catch(() => undefined);
    const result = await Promise.race([task, aborted]);
    await Promise.race([client.end(), new Promise((done) => setTimeout(done, GOODBYE_MS).unref())]);
    return result;
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}
