import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createRedisProbe } from '../../../source/probes/redis/redis-probe.js';
import type { RedisSample } from '../../../source/probes/samples.js';

/** A server that speaks as Redis does, or fails as it does. */
let server: Server | undefined;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server?.close();
});

async function probe(
  serve: (socket: Socket) => void,
  timeoutMs = 1_000,
  password?: string,
): Promise<RedisSample> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return createRedisProbe({
    ...{ host: '127.0.0.1', port, timeoutMs },
    ...(password === undefined ? {} : { password }),
  }).run({
    signal: new AbortController().signal,
  } as never);
}

const saying =
  (text: string) =>
  (socket: Socket): void =>
    void socket.on('data', () => socket.write(text));

test('PONG is an answer, with its times', async () => {
  const sample = await probe(saying('+PONG\r\n'));
  expect(sample.failure).toBeNull();
  expect(sample.connectMs).toBeGreaterThan(0);
  expect(sample.pingMs).toBeGreaterThanOrEqual(0);
});

test('an answer that comes in pieces is one answer', async () => {
  const sample = await probe((socket) => {
    socket.on('data', () => {
      socket.write('+PO');
      setTimeout(() => socket.write('NG\r\n'), 20);
    });
  });
  expect(sample.failure).toBeNull();
});

test.each([
  ['-LOADING Redis is loading the dataset in memory\r\n', 'loading'],
  ['-NOAUTH Authentication required.\r\n', 'authentication'],
  ['-MISCONF Redis is configured to save RDB snapshots\r\n', 'other'],
  ['HTTP/1.1 400 Bad Request\r\n', 'other'],
])('%j is told as %s', async (text, kind) => {
  const { failure, pingMs } = await probe(saying(text));
  expect(failure?.kind).toBe(kind);
  expect(failure?.text).toBe(text.trim().replace(/^-/, ''));
  expect(pingMs).toBeNull();
});

test('a server that ends the connection breaks it off', async () => {
  expect((await probe((socket) => void socket.on('data', () => socket.end()))).failure?.kind).toBe('reset');
});

test('a server that accepts and never answers is a timeout, told apart from one that is not there', async () => {
  const { connectMs, failure } = await probe(() => {}, 100);
  expect(connectMs).not.toBeNull();
  expect(failure).toEqual({ kind: 'timeout', text: 'connected, but PING was not answered within 0.1 s' });
});

test('a server that sends without end and without a line is not listened to for longer', async () => {
  const flood = (socket: Socket): void => {
    const timer = setInterval(() => socket.write('x'.repeat(10_000)), 5);
    socket.on('close', () => clearInterval(timer));
  };
  expect((await probe(flood, 150)).failure?.kind).toBe('timeout');
});

test('nobody there is a refusal', async () => {
  const closed = createServer();
  closed.listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const sample = await createRedisProbe({ host: '127.0.0.1', port }).run({
    signal: new AbortController().signal,
  } as never);
  expect(sample).toMatchObject({ connectMs: null, pingMs: null, failure: { kind: 'refused' } });
});

test('a password is sent before PING, and a wrong one is told as such', async () => {
  const heard: string[] = [];
  const asking = (answer: string) => (socket: Socket) =>
    void socket.on('data', (bytes) => {
      const said = bytes.toString();
      heard.push(said);
      socket.write(said.includes('AUTH') ? answer : '+PONG\r\n');
    });
  expect((await probe(asking('+OK\r\n'), 1_000, 'hush hush')).failure).toBeNull();
  expect(heard).toEqual(['*2\r\n$4\r\nAUTH\r\n$9\r\nhush hush\r\n', '*1\r\n$4\r\nPING\r\n']);
  server?.close();
  const { failure } = await probe(asking('-WRONGPASS invalid username-password pair\r\n'), 1_000, 'x');
  expect(failure?.kind).toBe('authentication');
});
