import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { get, tcp } from './http-servers.js';

/** A server that does its worst is bounded in time and memory, and told of in the right words. */

const TIME_MS = 600;
/** What a run of TIME_MS may take at most, on a busy machine. */
const BOUND_MS = 5_000;
const HEAD = 'HTTP/1.1 200 OK\r\n';

/** Writes the same piece again and again, as fast as it is taken or every `ms`. */
function pour(socket: Socket, piece: string | Buffer, ms?: number): void {
  const more = (): void => {
    if (ms !== undefined) {
      if (socket.writable) socket.write(piece);
      return;
    }
    while (socket.writable && socket.write(piece));
  };
  const timer = ms === undefined ? undefined : setInterval(more, ms);
  socket.on('drain', more);
  socket.once('close', () => clearInterval(timer));
  more();
}

const upon = (act: (socket: Socket) => void): Promise<number> =>
  tcp((socket) => socket.once('data', () => act(socket)));

interface Case {
  readonly act: (socket: Socket) => void;
  readonly ok?: boolean;
  readonly kind?: string;
  readonly phase?: string;
  readonly text?: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  'a head byte by byte': {
    act: (socket) => pour(socket, 'x', 20),
    kind: 'protocol',
  },
  'a head field by field, without end': {
    act: (socket) => {
      socket.write(HEAD);
      pour(socket, 'x-a: b\r\n', 20);
    },
    kind: 'timeout',
    phase: 'transfer',
    text: /^no whole head after 0\.6 s: the answer began, and its head did not end$/,
  },
  'a head without end, as fast as can be': {
    act: (socket) => {
      socket.write(HEAD);
      pour(socket, `x-a: ${'b'.repeat(16_000)}\r\n`);
    },
    kind: 'protocol',
    text: /larger than 300 KB, which no client takes$/,
  },
  'one field without end': {
    act: (socket) => {
      socket.write(`${HEAD}x-a: `);
      pour(socket, 'b'.repeat(65_536));
    },
    kind: 'protocol',
    text: /larger than 300 KB/,
  },
  'a status line without end': {
    act: (socket) => {
      socket.write('HTTP/1.1 200 ');
      pour(socket, 'b'.repeat(65_536));
    },
    kind: 'protocol',
  },
  '100 Continue for ever': {
    act: (socket) => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(500)),
    kind: 'protocol',
    text: /^more than 100 interim answers \(1xx\) came, and no final one$/,
  },
  '103 Early Hints, slowly for ever': {
    act: (socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n', 50),
    kind: 'timeout',
    phase: 'transfer',
  },
  'a switch to another protocol': {
    act: (socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: evil\r\nconnection: upgrade\r\n\r\n'),
    kind: 'protocol',
    text: /switched to "evil", which nobody asked for$/,
  },
  'zeros without end': {
    act: (socket) => pour(socket, Buffer.alloc(65_536)),
    kind: 'protocol',
    text: /begins with the bytes 0000000000000000$/,
  },
  'a banner of another protocol': {
    act: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
    kind: 'protocol',
    text: /does not speak HTTP: it says "SSH-2\.0-OpenSSH_9\.2"$/,
  },
  'a banner with escape sequences and a password': {
    act: (socket) => socket.write('+OK \u001b]52;c;aGk=\u0007 password=hunter2\r\n'),
    kind: 'protocol',
    text: /^[^\p{Cc}]*it says "\+OK\s+password=…"$/u,
  },
  'HTTP/0.9': {
    act: (socket) => socket.end('<html>hello</html>\n'),
    kind: 'protocol',
    text: /without a status line \(HTTP\/0\.9\)/,
  },
  'a TLS alert': {
    act: (socket) => socket.end(Buffer.from('15030300020246', 'hex')),
    kind: 'protocol',
    text: /speaks TLS: ask it by https:\/\/$/,
  },
  'a chunk of 16 exbibytes': {
    act: (socket) => {
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFF0\r\n`);
      pour(socket, Buffer.alloc(65_536));
    },
    ok: true,
  },
  'a chunk size that is none': {
    act: (socket) => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n`),
    kind: 'protocol',
    phase: 'transfer',
    text: /HPE_INVALID_CHUNK_SIZE/,
  },
  'a chunk size of more digits than there are': {
    act: (socket) => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n${'F'.repeat(40)}\r\n`),
    kind: 'protocol',
    phase: 'transfer',
  },
  'a reset in the body': {
    act: (socket) => {
      socket.write(`${HEAD}content-length: 100\r\n\r\nabc`);
      setTimeout(() => socket.resetAndDestroy(), 50);
    },
    kind: 'reset',
    phase: 'transfer',
  },
  'a close in the head': {
    act: (socket) => socket.end(`${HEAD}content-len`),
    kind: 'reset',
  },
  'a length that is none': {
    act: (socket) => socket.end(`${HEAD}content-length: -5\r\n\r\n`),
    kind: 'protocol',
    text: /head of the answer .* cannot be read/,
  },
  'a body without end': {
    act: (socket) => {
      socket.write(`${HEAD}\r\n`);
      pour(socket, Buffer.alloc(65_536));
    },
    ok: true,
  },
  'a body byte by byte': {
    act: (socket) => {
      socket.write(`${HEAD}\r\n`);
      pour(socket, 'x', 20);
    },
    ok: true,
  },
  'a redirect to a hostile place': {
    act: (socket) =>
      socket.end(
        `HTTP/1.1 302 Found\r\nlocation: http://u:hunter2@127.0.0.1:1/\u001b]0;t\u0007?token=hunter2\r\ncontent-length: 0\r\n\r\n`,
      ),
    kind: 'redirect',
  },
  'an HTTP/2 connection that says no more': {
    act: (socket) => socket.write(Buffer.from('000000040000000000', 'hex')),
    kind: 'timeout',
  },
  'garbage behind an HTTP/2 preface': {
    act: (socket) => {
      socket.write(Buffer.from('000000040000000000', 'hex'));
      pour(socket, Buffer.alloc(16_384, 0xff));
    },
    kind: 'protocol',
  },
};

describe.each(Object.entries(CASES))('%s', (_, { act, ok = false, kind, phase, text }) => {
  it('ends in time, in the right words', { timeout: 20_000 }, async () => {
    const port = await upon(act);
    const before = process.memoryUsage.rss();
    const began = performance.now();
    const sample = await get(`http://127.0.0.1:${port}/`, { timeoutMs: TIME_MS });
    expect(performance.now() - began).toBeLessThan(BOUND_MS);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1024 * 1024);
    expect(sample.ok, sample.failure?.text).toBe(ok);
    if (kind) expect(sample.failure).toMatchObject({ kind });
    if (phase) expect(sample.failure).toMatchObject({ phase });
    if (text) expect(sample.failure?.text).toMatch(text);
    expect(JSON.stringify(sample)).not.toMatch(/hunter2/);
    expect(`${sample.failure?.text} ${sample.note}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

it('TLS is no way round: a handshake that drips, and one that is garbage', async () => {
  const drips = await upon((socket) => pour(socket, Buffer.from('16', 'hex'), 50));
  const drip = await get(`https://127.0.0.1:${drips}/`, { timeoutMs: TIME_MS });
  expect(drip.failure).toMatchObject({ phase: 'tls' });
  const garbage = await upon((socket) => pour(socket, Buffer.alloc(65_536, 0x16)));
  expect((await get(`https://127.0.0.1:${garbage}/`, { timeoutMs: TIME_MS })).failure).toMatchObject({
    kind: 'tls',
    phase: 'tls',
  });
});
