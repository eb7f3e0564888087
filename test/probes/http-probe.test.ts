import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpProbe, type HttpProbeOptions } from '../../source/probes/http/http-probe.js';
import type { HttpSample } from '../../source/probes/samples.js';
import { startDns } from './dns-server.js';
import { runProbe } from './run-probe.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, host);
  await once(server, 'listening');
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(done));
    },
  });
  return (server.address() as AddressInfo).port;
}

const web = (handler: RequestListener): Promise<number> => listen(createServer(handler));
const tcp = (handler: (socket: Socket) => void): Promise<number> => listen(createTcpServer(handler));

function get(url: string, options: Partial<HttpProbeOptions> = {}): Promise<HttpSample> {
  return runProbe(createHttpProbe({ target: 'GET /', url, timeoutMs: 2_000, ...options }));
}

describe('an answer', () => {
  it('is timed by phase', async () => {
    const port = await web((_, response) => {
      setTimeout(() => {
        response.write('a');
        setTimeout(() => response.end('b'), 120);
      }, 120);
    });
    const sample = await get(`http://127.0.0.1:${port}/todos?x=1`);
    expect(sample).toMatchObject({ ok: true, status: 200, failure: null, address: '127.0.0.1' });
    const { dns, connect, tls, firstByte, transfer } = sample.phases;
    expect(tls).toBeNull();
    expect(firstByte).toBeGreaterThan(100);
    expect(transfer).toBeGreaterThan(100);
    expect(sample.totalMs).toBeGreaterThanOrEqual(
      Number(dns) + Number(connect) + Number(firstByte) + Number(transfer),
    );
  });

  it('comes on a fresh connection with the right host, path and method', async () => {
    const seen: string[] = [];
    const port = await web((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.host} ${request.headers.connection}`);
      response.end();
    });
    await get(`http://localhost:${port}/a?b=c`, { method: 'HEAD' });
    expect(seen).toEqual([`HEAD /a?b=c localhost:${port} close`]);
  });

  it('of 500 and above is a failure, below is not', async () => {
    const port = await web((request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      response.end();
    });
    expect(await get(`http://127.0.0.1:${port}/503`)).toMatchObject({
      ok: false,
      status: 503,
      failure: { kind: 'status', text: 'the server answered 503 Service Unavailable' },
    });
    expect(await get(`http://127.0.0.1:${port}/404`)).toMatchObject({ ok: true, status: 404, failure: null });
  });

  it('of endless length is read for a mebibyte', async () => {
    let sent = 0;
    let closed: Promise<unknown> | undefined;
    const port = await web((_, response) => {
      closed = once(response, 'close');
      const more = (): void => {
        for (let room = true; room && !response.destroyed; sent += 65_536)
          room = response.write(Buffer.alloc(65_536));
      };
      response.on('drain', more);
      more();
    });
    expect(await get(`http://127.0.0.1:${port}/`)).toMatchObject({ ok: true, status: 200 });
    await closed;
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('no answer is explained', () => {
  it('refused', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await get(`http://127.0.0.1:${port}/`)).toMatchObject({
      ok: false,
      status: null,
      failure: {
        kind: 'refused',
        phase: 'connect',
        text: `connection refused: nobody listens at 127.0.0.1:${port}`,
      },
    });
  });

  it('reset', async () => {
    const port = await tcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect((await get(`http://127.0.0.1:${port}/`)).failure).toMatchObject({
      kind: 'reset',
      phase: 'firstByte',
    });
  });

  it('closed without a word', async () => {
    const port = await tcp((socket) => socket.once('data', () => socket.end()));
    expect((await get(`http://127.0.0.1:${port}/`)).failure).toMatchObject({
      kind: 'reset',
      phase: 'firstByte',
    });
  });

  it('silence before the first byte', async () => {
    const port = await tcp(() => undefined);
    const sample = await get(`http://127.0.0.1:${port}/`, { timeoutMs: 400 });
    expect(sample.failure).toEqual({
      kind: 'timeout',
      phase: 'firstByte',
      text: 'no first byte after 0.4 s: connected, request sent, nobody answered',
    });
    expect(sample.phases).toMatchObject({ firstByte: null, transfer: null });
    expect(sample.phases.connect).not.toBeNull();
  });

  it('silence in the body, status known', async () => {
    const port = await tcp((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
    const sample = await get(`http://127.0.0.1:${port}/`, { timeoutMs: 400 });
    expect(sample).toMatchObject({ ok: false, status: 200, failure: { kind: 'timeout', phase: 'transfer' } });
  });

  it('reset in the body', async () => {
    const port = await tcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', () => socket.destroy());
    });
    expect((await get(`http://127.0.0.1:${port}/`)).failure).toMatchObject({
      kind: 'reset',
      phase: 'transfer',
    });
  });

  it('another protocol', async () => {
    const port = await tcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    expect((await get(`http://127.0.0.1:${port}/`)).failure).toMatchObject({
      kind: 'protocol',
      phase: 'firstByte',
    });
  });

  it('a certificate nobody signed', async () => {
    const pem = readFileSync(new URL('./fixtures/self-signed.pem', import.meta.url));
    const port = await listen(createTlsServer({ key: pem, cert: pem }, (_, response) => response.end()));
    const sample = await get(`https://localhost:${port}/`);
    expect(sample.failure).toEqual({
      kind: 'tls',
      phase: 'tls',
      short: 'a self-signed certificate',
      text: 'a self-signed certificate: it signed itself, and nobody whom this host trusts vouches for it',
      tls: 'self-signed',
    });
    expect(sample.phases.connect).not.toBeNull();
  });

  it('TLS asked of a server that has none, or that says nothing', async () => {
    const plain = await web((_, response) => response.end());
    expect((await get(`https://localhost:${plain}/`)).failure?.phase).toBe('tls');
    const silent = await tcp(() => undefined);
    expect((await get(`https://127.0.0.1:${silent}/`, { timeoutMs: 300 })).failure).toMatchObject({
      kind: 'timeout',
      phase: 'tls',
    });
  });
});

describe('names', () => {
  it('are asked of the given resolver', async () => {
    const port = await web((_, response) => response.end('hello'));
    const dns = await startDns((_, type) => (type === 'A' ? { addresses: ['127.0.0.1'] } : {}));
    open.push(dns);
    const resolver = `127.0.0.1:${dns.port}`;
    expect(await get(`http://app.lab.test:${port}/`, { resolver })).toMatchObject({
      ok: true,
      address: '127.0.0.1',
    });
  });

  it('that do not exist, and resolvers that say nothing or are not there', async () => {
    const missing = await startDns(() => ({ rcode: 'NXDOMAIN' }));
    const silent = await startDns(() => undefined);
    const gone = await startDns(() => undefined);
    await gone.close();
    open.push(missing, silent);
    const ask = (port: number) =>
      get('http://app.lab.test/', { resolver: `127.0.0.1:${port}`, timeoutMs: 500 });
    expect((await ask(missing.port)).failure).toMatchObject({ kind: 'no-name', phase: 'dns' });
    expect((await ask(silent.port)).failure).toMatchObject({ kind: 'timeout', phase: 'dns' });
    expect((await ask(gone.port)).failure).toMatchObject({ kind: 'no-name', phase: 'dns' });
  });

  it('localhost falls back to ::1', async () => {
    const server = createServer((_, response) => response.end());
    const port = await listen(server, '::1');
    expect(await get(`http://localhost:${port}/`)).toMatchObject({ ok: true, address: '::1' });
  });
});

it('stops at once when it is aborted', async () => {
  const abort = new AbortController();
  const port = await tcp((socket) => socket.once('data', () => abort.abort(new Error('quit'))));
  const probe = createHttpProbe({ target: 'GET /', url: `http://127.0.0.1:${port}/`, timeoutMs: 60_000 });
  await expect(runProbe(probe, abort.signal)).rejects.toThrow('quit');
});

it('refuses what is no http URL', () => {
  expect(() => createHttpProbe({ target: 'x', url: 'ftp://localhost/' })).toThrow(TypeError);
});
