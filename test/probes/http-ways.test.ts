import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../source/clock.js';
import { endpointOf } from '../../source/probes/http/endpoint.js';
import { type Environment, wayTo } from '../../source/probes/http/proxy.js';
import { connectRace, inTurns } from '../../source/probes/http/race.js';
import { targetOf } from '../../source/probes/watch-settings.js';
import { deadPort, get, listen, tcp, web } from './http-servers.js';

const folder = mkdtempSync(join(tmpdir(), 'faultline-http-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('addresses', () => {
  it('are tried by turns of their families, IPv6 first', () => {
    expect(inTurns(['10.0.0.1', '10.0.0.2', '10.0.0.3', '::1'])).toEqual([
      '::1',
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
    ]);
    expect(inTurns(['fe80::1', 'fe80::2', '10.0.0.1'])).toEqual(['fe80::1', '10.0.0.1', 'fe80::2']);
  });

  const race = (addresses: readonly string[], port: number) =>
    connectRace(addresses, port, {
      signal: AbortSignal.timeout(5_000),
      clock: systemClock,
      tries: () => undefined,
    });

  it('that refuse do not hold up the one that answers, and are told', async () => {
    const port = await web((_, response) => response.end());
    const won = await race(['127.0.0.9', '127.0.0.8', '127.0.0.1'], port);
    won.socket.destroy();
    expect(won).toMatchObject({
      address: '127.0.0.1',
      note: `127.0.0.9:${port} refuses, 127.0.0.8:${port} refuses`,
    });
  });

  it('that say nothing are overtaken in a quarter of a second', async () => {
    const port = await web((_, response) => response.end());
    const began = performance.now();
    // 192.0.2.0/24 and 2001:db8::/32 are nobody's (RFC 5737, RFC 3849): silent, or without a way.
    const won = await race(['2001:db8::1', '192.0.2.1', '127.0.0.1'], port);
    won.socket.destroy();
    expect(won.address).toBe('127.0.0.1');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('that all fail give the error that tells most, and how many there were', async () => {
    const port = await deadPort();
    await expect(race(['::ffff:127.0.0.1', '127.0.0.1', '127.0.0.2'], port)).rejects.toMatchObject({
      tried: 3,
      cause: { code: 'ECONNREFUSED' },
    });
    const sample = await get(`http://localhost:${port}/`);
    expect(sample.failure).toMatchObject({ kind: 'refused', phase: 'connect' });
    expect(sample.failure?.text).toMatch(
      /^connection refused: nobody listens at .*; none of its 2 addresses can be/,
    );
  });
});

describe('a socket in the file system', () => {
  it('is asked by its path, and the path of the request behind it', async () => {
    const path = join(folder, 'app.sock');
    await listen(
      createServer((request, response) => response.writeHead(request.url === '/health' ? 200 : 500).end()),
      { path },
    );
    expect(await get(`unix:${path}:/health`)).toMatchObject({ ok: true, status: 200, address: path });
    expect(await get(`unix://${path}:/health`)).toMatchObject({ ok: true, status: 200 });
    expect(await get(`unix:${path}`)).toMatchObject({ ok: false, status: 500, url: `unix:${path}` });
  });

  it('that is not there is said so, and one at which nobody listens', async () => {
    const { failure } = await get(`unix:${folder}/none.sock`);
    expect(failure).toMatchObject({ kind: 'unreachable', text: `no socket at ${folder}/none.sock (ENOENT)` });
  });
});

describe('a port alone', () => {
  it('is connected to, and nothing is sent', async () => {
    let bytes = 0;
    const port = await tcp((socket) => socket.on('data', (chunk) => (bytes += chunk.length)));
    const sample = await get(`tcp://127.0.0.1:${port}`);
    expect(sample).toMatchObject({ ok: true, status: null, failure: null, address: '127.0.0.1' });
    expect(sample.phases).toMatchObject({ tls: null, firstByte: null, transfer: null });
    expect(bytes).toBe(0);
    expect(targetOf(`tcp://127.0.0.1:${port}`).name).toBe(`tcp 127.0.0.1:${port}`);
  });

  it('that refuses is refused', async () => {
    expect((await get(`tcp://127.0.0.1:${await deadPort()}`)).failure).toMatchObject({ kind: 'refused' });
  });
});

describe('the proxy of the environment', () => {
  const proxyOf = (url: string, env: Environment) => {
    const { proxy, note } = wayTo(endpointOf(url), env);
    return proxy?.called ?? note;
  };
  it.each<[string, Environment, string | null]>([
    ['http://a.test/', { http_proxy: 'http://10.0.0.1:3128' }, 'proxy 10.0.0.1:3128 (http_proxy)'],
    ['http://a.test/', { HTTP_PROXY: '10.0.0.1:3128' }, 'proxy 10.0.0.1:3128 (HTTP_PROXY)'],
    ['http://a.test/', { http_proxy: 'http://b:1', HTTP_PROXY: 'http://c:1' }, 'proxy b:1 (http_proxy)'],
    ['https://a.test/', { http_proxy: 'http://b:1' }, null],
    ['https://a.test/', { HTTPS_PROXY: 'http://me:s3cr3t@b:1' }, 'proxy b:1 (HTTPS_PROXY)'],
    ['https://a.test/', { all_proxy: 'http://b:80/' }, 'proxy b:80 (all_proxy)'],
    ['https://a.test/', { https_proxy: '', all_proxy: 'https://[::1]' }, 'proxy [::1]:443 (all_proxy)'],
    ['http://a.test/', { http_proxy: 'b' }, 'proxy b:1080 (http_proxy)'],
    ['http://a.test/', { all_proxy: 'socks5://b:1' }, 'SOCKS5 proxy b:1 (all_proxy)'],
    ['https://a.test/', { ALL_PROXY: 'socks4a://b' }, 'SOCKS4 proxy b:1080 (ALL_PROXY)'],
    ['http://a.test/', { all_proxy: 'socks5h://b:1', no_proxy: 'a.test' }, null],
    [
      'http://a.test/',
      { all_proxy: 'quic://b:1' },
      'asked directly: all_proxy is of a kind that is not spoken here (quic:)',
    ],
    ['http://a.test/', { http_proxy: 'http://b:99999' }, 'asked directly: http_proxy is no address'],
    ['http://127.0.0.1/', { http_proxy: 'http://b:1' }, null],
    ['http://localhost/', { http_proxy: 'http://b:1' }, null],
    ['http://[::1]:8080/', { http_proxy: 'http://b:1' }, null],
    ['tcp://a.test:1', { all_proxy: 'http://b:1' }, null],
    ['unix:/run/a.sock', { all_proxy: 'http://b:1' }, null],
    ['http://a.test/', { http_proxy: 'http://b:1', no_proxy: '*' }, null],
    ['http://a.test/', { http_proxy: 'http://b:1', NO_PROXY: 'x, a.test' }, null],
    ['http://www.a.test/', { http_proxy: 'http://b:1', no_proxy: '.a.test' }, null],
    ['http://www.a.test/', { http_proxy: 'http://b:1', no_proxy: 'a.test' }, null],
    ['http://bada.test/', { http_proxy: 'http://b:1', no_proxy: 'a.test' }, 'proxy b:1 (http_proxy)'],
    ['http://10.1.2.3/', { http_proxy: 'http://b:1', no_proxy: '10.0.0.0/8' }, null],
    ['http://11.1.2.3/', { http_proxy: 'http://b:1', no_proxy: '10.0.0.0/8' }, 'proxy b:1 (http_proxy)'],
    ['http://[fd00::9]/', { http_proxy: 'http://b:1', no_proxy: 'fd00::/8' }, null],
    ['http://[fe80::9]/', { http_proxy: 'http://b:1', no_proxy: 'fd00::/8' }, 'proxy b:1 (http_proxy)'],
    ['http://[fd00::9]/', { http_proxy: 'http://b:1', no_proxy: '[fd00::9]' }, null],
    ['http://10.1.2.3/', { http_proxy: 'http://b:1', no_proxy: '10.0.0.0/99' }, 'proxy b:1 (http_proxy)'],
    ['http://a.test/', { http_proxy: 'http://b:1', no_proxy: '.a.test' }, null],
    ['http://a.test:81/', { http_proxy: 'http://b:1', no_proxy: 'a.test:80' }, 'proxy b:1 (http_proxy)'],
    ['http://a.test:80/', { http_proxy: 'http://b:1', no_proxy: 'a.test:80' }, null],
  ])('%s with %o: %s', (url, env, called) => {
    expect(proxyOf(url, env)).toBe(called);
  });

  it('is asked with the whole URL and its login, and is said', async () => {
    const seen: unknown[] = [];
    const port = await web((request, response) => {
      seen.push(request.url, request.headers.host, request.headers['proxy-authorization']);
      response.end('ok');
    });
    const env = { http_proxy: `http://me:p%40ss@127.0.0.1:${port}` };
    const sample = await get('http://shop.invalid/a?b=c', { env });
    expect(sample).toMatchObject({ ok: true, status: 200, note: `by proxy 127.0.0.1:${port} (http_proxy)` });
    expect(seen).toEqual([
      'http://shop.invalid/a?b=c',
      'shop.invalid',
      `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    ]);
  });

  it.each([
    [407, 'wants a login'],
    [403, 'forbids this target'],
    [502, 'cannot reach this target'],
  ])('that answers CONNECT with %d %s', async (status, why) => {
    const port = await tcp((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)),
    );
    const { failure } = await get('https://shop.invalid/', {
      env: { https_proxy: `http://127.0.0.1:${port}` },
    });
    expect(failure).toMatchObject({
      kind: 'proxy',
      text: `proxy 127.0.0.1:${port} (https_proxy) ${why} (${status})`,
      short: `a proxy that ${why}`,
    });
  });

  it('that wants a login, is gone, or says nothing is at fault, and not the target', async () => {
    const asks = await web((_, response) => response.writeHead(407).end());
    const silent = await tcp(() => undefined);
    const dead = await deadPort();
    const failed = async (port: number) =>
      (await get('http://shop.invalid/', { env: { http_proxy: `http://127.0.0.1:${port}` }, timeoutMs: 400 }))
        .failure;
    expect(await failed(asks)).toMatchObject({ kind: 'proxy', short: 'a proxy that wants a login' });
    expect(await failed(silent)).toMatchObject({ kind: 'proxy', short: 'a proxy that does not answer' });
    expect(await failed(dead)).toMatchObject({ kind: 'proxy', short: 'a proxy that refuses connections' });
  });

  it('connects through to a target, of which an error is its own', async () => {
    const plain = await web((_, response) => response.end());
    const port = await listen(
      createServer().on('connect', (_, socket) => {
        const to = connect(plain, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          socket.pipe(to).pipe(socket);
        });
        socket.on('error', () => to.destroy());
        to.on('error', () => socket.destroy());
      }),
    );
    const { failure } = await get('https://shop.invalid/', {
      env: { https_proxy: `http://127.0.0.1:${port}` },
    });
    expect(failure).toMatchObject({ kind: 'tls', short: 'no TLS at its port' });
  });
});
