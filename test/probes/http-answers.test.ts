import { createServer as createHttp2 } from 'node:http2';
import { describe, expect, it } from 'vitest';
import type { HttpSample } from '../../source/probes/samples.js';
import { closeAfter, get, listen, probeOf, says, tcp, web } from './http-servers.js';
import { runProbe } from './run-probe.js';

const at = (port: number): string => `http://127.0.0.1:${port}/`;
const HEAD = 'HTTP/1.1 200 OK\r\n';

describe('what every client takes is an answer', () => {
  it.each([
    ['a head of 20 KB', `${HEAD}x-a: ${'a'.repeat(20_000)}\r\ncontent-length: 0\r\n\r\n`],
    ['a head of 280 KB', `${HEAD}${`x-a: ${'a'.repeat(2_000)}\r\n`.repeat(140)}content-length: 0\r\n\r\n`],
    ['two thousand fields', `${HEAD}${'x-a: b\r\n'.repeat(2_500)}content-length: 0\r\n\r\n`],
    ['lines that end in LF alone', 'HTTP/1.1 200 OK\nServer: x\nContent-Length: 2\n\nok'],
    ['HTTP/1.0 without a length', 'HTTP/1.0 200 OK\r\n\r\nok'],
    ['no reason phrase', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n'],
    [
      'interim answers before it',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${HEAD}\r\n`,
    ],
    [
      'both a length and chunks',
      `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    ],
    [
      'bytes above ASCII in a field',
      Buffer.from(`${HEAD}server: caf\xe9\r\ncontent-length: 0\r\n\r\n`, 'latin1'),
    ],
  ])('%s', async (_, bytes) => {
    expect(await get(at(await says(bytes)))).toMatchObject({ ok: true, status: 200, failure: null });
  });

  it('with a word on what not every client takes', async () => {
    const large = await get(at(await says(`${HEAD}x-a: ${'a'.repeat(65_536)}\r\ncontent-length: 0\r\n\r\n`)));
    expect(large.note).toBe('a head of 64 KB, which not every client takes');
    const bare = await get(at(await says('HTTP/1.1 200 OK\nContent-Length: 0\n\n')));
    expect(bare.note).toBe('its lines end in LF alone, which not every client takes');
  });
});

describe('an answer without end', () => {
  const drip = (head: string, piece: string): Promise<number> =>
    tcp((socket) => {
      socket.once('data', () => socket.write(head));
      const timer = setInterval(() => socket.writable && socket.write(piece), 50);
      socket.once('close', () => clearInterval(timer));
    });

  it.each([
    ['text/event-stream', 'data: x\n\n'],
    ['text/event-stream; charset=utf-8', ': beat\n\n'],
    ['application/x-ndjson', '{"a":1}\n'],
    ['multipart/x-mixed-replace; boundary=x', '--x\r\n\r\n'],
  ])('of %s is answered by its head, long before its time is over', async (type, piece) => {
    const sample = await get(at(await drip(`${HEAD}content-type: ${type}\r\n\r\n`, piece)), {
      timeoutMs: 20_000,
    });
    expect(sample).toMatchObject({ ok: true, status: 200, note: 'a stream without end' });
    expect(sample.phases.transfer).toBeNull();
    expect(sample.totalMs).toBeLessThan(5_000);
  });

  it('is an answer though no event has come', async () => {
    const port = await tcp((socket) =>
      socket.once('data', () => socket.write(`${HEAD}content-type: text/event-stream\r\n\r\n`)),
    );
    expect(await get(at(port))).toMatchObject({ ok: true, status: 200, note: 'a stream without end' });
  });

  it('of any type is one once its body has begun', async () => {
    const port = await drip(`${HEAD}content-type: text/plain\r\n\r\n`, 'x');
    const sample = await get(at(port), { timeoutMs: 500 });
    expect(sample).toMatchObject({ ok: true, note: 'an answer that goes on' });
    expect(sample.totalMs).toBeLessThan(450);
  });

  it('of a known length may be slow, and may not stop', async () => {
    const slow = await drip(`${HEAD}content-length: 1000000\r\n\r\n`, 'x'.repeat(100));
    expect(await get(at(slow), { timeoutMs: 500 })).toMatchObject({
      ok: true,
      note: 'a long answer, not read to its end',
    });
    const stuck = await tcp((socket) =>
      socket.once('data', () => socket.write(`${HEAD}content-length: 100\r\n\r\nx`)),
    );
    expect((await get(at(stuck), { timeoutMs: 500 })).failure).toMatchObject({
      kind: 'timeout',
      phase: 'transfer',
    });
  });

  it('of which only the head came is none', async () => {
    const port = await tcp((socket) =>
      socket.once('data', () => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`)),
    );
    expect((await get(at(port), { timeoutMs: 400 })).failure).toMatchObject({
      kind: 'timeout',
      phase: 'transfer',
    });
  });
});

describe('a word on the answer', () => {
  const answer = async (status: number, headers: Record<string, string> = {}): Promise<HttpSample> =>
    get(at(await web((_, response) => response.writeHead(status, headers).end())));

  it.each([
    [401, {}, 'asks for a login: alive'],
    [403, {}, 'forbids it: alive'],
    [429, { 'retry-after': '30' }, 'turns requests away, too many of them, asks to come again in 30 s'],
    [301, { location: 'myapp://x?token=s3cr3t' }, /^redirects to myapp:..x.token=…$/],
    [302, {}, 'redirects without an address to go to'],
  ])('%d %o', async (status, headers, note) => {
    const sample = await answer(status, headers as Record<string, string>);
    expect(sample).toMatchObject({ ok: true, status, note: expect.stringMatching(note as string) });
  });

  it('a server that is busy says when to come again', async () => {
    expect((await answer(503, { 'retry-after': '120' })).failure?.text).toBe(
      'the server answered 503 Service Unavailable, and asks to come again in 120 s',
    );
  });
});

describe('HTTP/2 in the clear', () => {
  it('is spoken to a server that knows nothing else', async () => {
    const server = createHttp2();
    const sessions = new Set<{ destroy(): void }>();
    server.on('session', (session) => sessions.add(session));
    server.on('stream', (stream, headers) => {
      stream.respond({ ':status': headers[':path'] === '/sick' ? 500 : 200 });
      stream.end('ok');
    });
    closeAfter({
      close: () => {
        for (const session of sessions) session.destroy();
      },
    });
    const port = await listen(server as never);
    const probe = probeOf(at(port));
    expect(await runProbe(probe)).toMatchObject({ ok: true, status: 200, note: 'HTTP/2' });
    expect(await runProbe(probe)).toMatchObject({ ok: true, status: 200, note: 'HTTP/2' });
    expect(await get(`${at(port)}sick`)).toMatchObject({
      ok: false,
      status: 500,
      failure: { kind: 'status' },
    });
  });

  it('is tried once with a server that closes, and its error is the first one', async () => {
    let connections = 0;
    const port = await tcp((socket) => {
      connections++;
      socket.once('data', () => socket.end());
    });
    const probe = probeOf(at(port));
    for (const _ of [1, 2, 3])
      expect((await runProbe(probe)).failure).toMatchObject({ kind: 'reset', phase: 'firstByte' });
    // One of them to see whether it speaks HTTP/2, and one for TLS.
    expect(connections).toBe(5);
  });
});

describe('an answer that is late', () => {
  it('is waited for on the same connection, and teaches how long the target takes', async () => {
    let requests = 0;
    let answer: () => void = () => undefined;
    const port = await web((_, response) => {
      requests++;
      answer = () => response.end('ok');
      if (requests > 1) answer();
    });
    const probe = probeOf(at(port), { timeoutMs: 300 });
    const first = await runProbe(probe);
    expect(first.failure).toMatchObject({ kind: 'timeout', phase: 'firstByte' });
    expect(first.late).toBeUndefined();
    const waitedFor = runProbe(probe);
    answer();
    const second = await waitedFor;
    expect(second).toMatchObject({ ok: true, status: 200, late: true });
    expect(second.totalMs).toBeGreaterThan(300);
    expect(requests).toBe(1);
    const third = await runProbe(probe);
    expect(third).toMatchObject({ ok: true, status: 200 });
    expect(third.late).toBeUndefined();
    expect(requests).toBe(2);
  });

  it('is given up at last, and one that breaks meanwhile is asked anew', async () => {
    let requests = 0;
    let breakOff: () => void = () => undefined;
    const port = await web((_, response) => {
      requests++;
      if (requests === 1) breakOff = () => void response.destroy();
      else response.end('ok');
    });
    const probe = probeOf(at(port), { timeoutMs: 300 });
    expect((await runProbe(probe)).ok).toBe(false);
    const waitedFor = runProbe(probe);
    breakOff();
    expect(await waitedFor).toMatchObject({ ok: true, status: 200 });
    expect(requests).toBe(2);
  });
});

it('looks more often while good and failed runs alternate', async () => {
  let n = 0;
  const port = await web((_, response) => response.writeHead(n++ % 3 === 0 ? 500 : 200).end());
  const probe = probeOf(at(port), { intervalMs: 2_000 });
  await runProbe(probe);
  expect(probe.intervalMs).toBeGreaterThan(1_600);
  await runProbe(probe);
  expect(probe.intervalMs).toBeLessThan(600);
});

it('keeps no pace that a balancer could be in step with', async () => {
  const port = await web((_, response) => response.end());
  const probe = probeOf(at(port), { intervalMs: 2_000 });
  const paces = new Set<number>();
  for (let i = 0; i < 8; i++) {
    await runProbe(probe);
    paces.add(probe.intervalMs);
  }
  expect(paces.size).toBe(8);
  expect(Math.min(...paces)).toBeGreaterThan(1_690);
  expect(Math.max(...paces)).toBeLessThan(2_310);
});
