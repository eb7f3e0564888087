import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withSession } from '../../source/probes/postgres/session.js';

let server: Server | undefined;
let caught: unknown[] = [];
type Listener = (error: unknown) => void;
let others: Listener[] = [];
const note = (error: unknown): void => void caught.push(error);

beforeEach(() => {
  caught = [];
  others = process.listeners('uncaughtException') as Listener[];
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', note);
});
afterEach(() => {
  process.off('uncaughtException', note);
  for (const one of others) process.on('uncaughtException', one);
  server?.close();
  server = undefined;
});

/** A message of the protocol: its kind, its length, its bytes. */
function message(kind: string, body: Buffer | string, length?: number): Buffer {
  const bytes = Buffer.from(body as string, 'latin1');
  const head = Buffer.from(`${kind}\0\0\0\0`, 'latin1');
  head.writeUInt32BE(length ?? bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

/** Asks a server that answers whatever it is told with these bytes, one answer after the other, a few bytes at a time. */
async function ask(pieces: number, ...answers: readonly Buffer[]): Promise<unknown> {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    const left = [...answers];
    socket.on('data', () => {
      const answer = left.shift() ?? Buffer.alloc(0);
      for (let at = 0; at < answer.length; at += pieces) socket.write(answer.subarray(at, at + pieces));
    });
  });
  await new Promise<void>((up) => server?.listen(0, '127.0.0.1', up));
  const { port } = server.address() as { port: number };
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(new Error('late')), 500);
  const credentials = { host: '127.0.0.1', port, database: 'd', user: 'u', password: 'p' };
  try {
    return await withSession(credentials, abort.signal, (client) => client.query('SELECT 1'));
  } finally {
    clearTimeout(late);
  }
}

const OK = message('R', '\0\0\0\0');
const READY = message('Z', 'I');

it.each([
  ['an error report without its end', message('E', 'SFATAL')],
  ['an error report that ends in the middle of a text', message('E', 'SFATAL\0Mno')],
  ['an error report of nothing', message('E', '')],
  ['a notice without its end', message('N', 'Sx\0')],
  ['a length of nothing', message('S', '', 0)],
  ['a length beyond all bounds', message('S', 'a\0b\0', 0x7fff_ffff)],
  ['a password check that would take hours', message('R', '\0\0\0\x0br=x,s=AAAA,i=2000000000')],
  ['an authentication of no kind', message('R', '\0\0\x7f\0')],
  ['a row of fields that are not there', Buffer.concat([OK, READY, message('T', '\x7f\xff')])],
  ['a row of fewer than no fields', Buffer.concat([OK, READY, message('D', '\xff\x00')])],
  ['what is no message', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
])('%s ends the connection, and nothing throws outside', async (_, answer) => {
  for (const pieces of [answer.length, 1]) {
    await expect(ask(pieces, answer)).rejects.toThrow();
    server?.close();
  }
  expect(caught).toEqual([]);
});

it('takes a sound answer however it is cut', async () => {
  const settings = [message('S', 'server_version\x0017\0'), message('N', 'SNOTICE\0Mhello\0\0')];
  const hello = Buffer.concat([OK, ...settings, READY]);
  const rows = Buffer.concat([message('T', '\0\0'), message('C', 'SELECT 0\0'), READY]);
  for (const pieces of [1_000, 1, 7]) {
    expect(await ask(pieces, hello, rows)).toMatchObject({ command: 'SELECT', rowCount: 0 });
    server?.close();
  }
  expect(caught).toEqual([]);
});
